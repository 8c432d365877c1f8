import type { CellPhase, StepReport } from '../cell/events.js';
import type { CellResult } from '../cell/result.js';
import { count, duration, number } from '../format.js';

/** `discriminator .83  generator 1.92`: the players' total losses. */
export function losses({ losses }: StepReport): string {
  return Object.entries(losses)
    .filter(([name]) => name.endsWith('.total'))
    .map(([name, value]) => `${name.slice(0, -'.total'.length)} ${number(Number(value.toPrecision(3)))}`)
    .join('  ');
}

/** `12 images/s` */
export function speed({ imagesPerSecond }: StepReport): string {
  return `${count(imagesPerSecond)} images/s`;
}

export function timeLeft({ secondsLeft }: StepReport): string {
  return `${duration(secondsLeft)} left`;
}

/** What is being waited for when it is not training. */
export function phaseText(phase: CellPhase): string {
  return { loading: 'loading engine and data', training: '', evaluating: 'scoring on the validation split', testing: 'scoring on the test split' }[phase];
}

/** How a cell ended, in one line. */
export function ending({ status, failure, best, seconds, imagesPerSecond }: CellResult): string {
  if (status === 'failed') return `failed: ${failure?.reason ?? 'unknown'} ${failure?.remedy ?? ''}`.trimEnd();
  const score = best?.scores[0];
  const floor = score?.floor === undefined ? '' : ` (floor ${number(score.floor)})`;
  const scored = score ? `${score.name} ${number(score.value)}${floor} at step ${best?.step}, ` : '';
  return `${scored}${duration(seconds.training + seconds.evaluation + seconds.other)}, ${count(imagesPerSecond)} images/s`;
}
