import { median } from '../statistics.js';

/** Steps that count; their median, because the first ones also compile. */
const WINDOW = 15;

/** How fast the last steps were. */
export class Pace {
  private readonly seconds: number[] = [];
  private images = 0;

  /** @param images real images shown in this step. */
  add(seconds: number, images: number): void {
    this.seconds.push(seconds);
    if (this.seconds.length > WINDOW) this.seconds.shift();
    this.images = images;
  }

  get imagesPerSecond(): number {
    return this.images / median(this.seconds);
  }

  secondsFor(steps: number): number {
    return steps * median(this.seconds);
  }
}
