import { createLogUpdate } from 'log-update';
import type { CellPhase, StepReport } from '../cell/events.js';
import { type CellIdentity, cellTitle } from '../cell/identity.js';
import { number } from '../format.js';
import { ending, losses, phaseText, speed, timeLeft } from './describe.js';
import type { Colors, ProgressView } from './view.js';

const WIDTH = 28;
/** Milliseconds between two frames. */
const FRAME = 100;

interface Current {
  title: string;
  readonly place: string;
  report?: StepReport;
  phase: CellPhase;
  scores: string[];
}

/** Bars that move in place. */
export function terminalView(stream: NodeJS.WriteStream, colors: Colors): ProgressView {
  const log = createLogUpdate(stream);
  const underWay = new Set<Current>();
  let drawn = 0;

  function draw(force = false): void {
    if (underWay.size === 0 || (!force && performance.now() - drawn < FRAME)) return;
    drawn = performance.now();
    log([...underWay].map((current) => frame(current, colors)).join('\n'));
  }

  return {
    note: (line) => {
      log.persist(line);
      draw(true);
    },
    status: (line) => log(colors.dim(line)),
    begin(cell: CellIdentity, { number: position, of }) {
      const current: Current = { title: cellTitle(cell), place: `${position}/${of}`, phase: 'loading', scores: [] };
      underWay.add(current);
      draw(true);
      return {
        update(event) {
          if (event.type === 'step') current.report = event;
          else if (event.type === 'phase') current.phase = event.phase;
          else if (event.type === 'score') current.scores = [...current.scores.slice(-4), `${number(event.score.value)}${event.best ? '*' : ''}`];
          else current.title += ` (from step ${event.step})`;
          draw(event.type !== 'step');
        },
        end(result) {
          underWay.delete(current);
          log.clear();
          if (result) {
            const mark = result.status === 'finished' ? colors.green('✓') : colors.red('✗');
            log.persist(`${mark} ${current.title}: ${ending(result)}`);
          }
          draw(true);
        },
      };
    },
    close: () => log.done(),
  };
}

function frame({ title, place, report, phase, scores }: Current, colors: Colors): string {
  const waiting = phaseText(phase);
  const lines = [`${colors.bold(title)} ${colors.dim(place)}`];
  if (report) {
    const filled = Math.round((report.step / report.steps) * WIDTH);
    const bar = colors.cyan('█'.repeat(filled)) + colors.dim('░'.repeat(WIDTH - filled));
    lines.push(`${bar} ${report.step}/${report.steps}  ${timeLeft(report)}  ${speed(report)}`, `loss: ${losses(report)}`);
  }
  if (scores.length > 0) lines.push(`validation score: ${scores.join(' → ')}`);
  if (waiting !== '') lines.push(colors.dim(`${waiting} ...`));
  return lines.join('\n');
}
