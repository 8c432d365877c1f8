import { cellTitle } from '../cell/identity.js';
import { number } from '../format.js';
import { ending, losses, speed, timeLeft } from './describe.js';
import type { ProgressView } from './view.js';

/** A line at every tenth of a cell, and at the latest after so many milliseconds. */
const PATIENCE = 15_000;

/** Plain lines, for logs and pipes. A line of a cell is indented; where several are under way it begins with the cell's title. */
export function linesView(write: (text: string) => void): ProgressView {
  const line = (text: string): void => write(`${text}\n`);
  let lastStatus = '';
  let lastStatusAt = 0;
  let underWay = 0;
  return {
    note: line,
    status(text) {
      if (text === lastStatus || performance.now() - lastStatusAt < 1000) return;
      lastStatus = text;
      lastStatusAt = performance.now();
      line(text);
    },
    begin(cell, { number: position, of }) {
      const title = cellTitle(cell);
      const own = (text: string): void => line(underWay > 1 ? `  ${title}: ${text}` : `  ${text}`);
      let tenth = 0;
      let lastLine = performance.now();
      underWay += 1;
      line(`[${position}/${of}] ${title}`);
      return {
        update(event) {
          if (event.type === 'resumed') own(`goes on from step ${event.step}`);
          if (event.type === 'score') own(`step ${event.step}: ${event.score.name} ${number(event.score.value)} on the validation split${event.best ? ', the best so far' : ''}`);
          if (event.type !== 'step') return;
          const now = Math.floor((10 * event.step) / event.steps);
          if (now === tenth && performance.now() - lastLine < PATIENCE) return;
          tenth = now;
          lastLine = performance.now();
          own(`step ${event.step}/${event.steps}  loss: ${losses(event)}  ${speed(event)}  ${timeLeft(event)}`);
        },
        end(result) {
          underWay -= 1;
          if (result) line(`  ${title} ${result.status === 'finished' ? 'finished' : ''}: ${ending(result)}`.replace(' :', ':'));
        },
      };
    },
    close() {},
  };
}
