import { cellTitle } from '../cell/identity.js';
import { number } from '../format.js';
import { ending, losses, speed, timeLeft } from './describe.js';
import type { ProgressView } from './view.js';

/** A line at every tenth of a cell, and at the latest after so many milliseconds. */
const PATIENCE = 15_000;

/** Plain lines, for logs and pipes. */
export function linesView(write: (text: string) => void): ProgressView {
  const line = (text: string): void => write(`${text}\n`);
  let title = '';
  let tenth = 0;
  let lastLine = 0;
  let lastStatus = '';
  return {
    note: line,
    status(text) {
      if (text === lastStatus || performance.now() - lastLine < 1000) return;
      lastStatus = text;
      lastLine = performance.now();
      line(text);
    },
    begin(cell, { number, of }) {
      title = cellTitle(cell);
      tenth = 0;
      lastLine = performance.now();
      line(`[${number}/${of}] ${title}`);
    },
    update(event) {
      if (event.type === 'resumed') line(`  goes on from step ${event.step}`);
      if (event.type === 'score') line(`  step ${event.step}: ${event.score.name} ${number(event.score.value)} on the validation split${event.best ? ', the best so far' : ''}`);
      if (event.type !== 'step') return;
      const now = Math.floor((10 * event.step) / event.steps);
      if (now === tenth && performance.now() - lastLine < PATIENCE) return;
      tenth = now;
      lastLine = performance.now();
      line(`  step ${event.step}/${event.steps}  loss: ${losses(event)}  ${speed(event)}  ${timeLeft(event)}`);
    },
    end(result) {
      if (result) line(`  ${title} ${result.status === 'finished' ? 'finished' : ''}: ${ending(result)}`.replace(' :', ':'));
    },
    close() {},
  };
}
