/** Weight of the newest step in the running mean. */
const NEWEST = 0.1;

/** How fast the last steps were. */
export class Pace {
  private secondsPerStep: number | undefined;
  private images = 0;

  /** @param images real images shown in this step. */
  add(seconds: number, images: number): void {
    this.secondsPerStep = this.secondsPerStep === undefined ? seconds : (1 - NEWEST) * this.secondsPerStep + NEWEST * seconds;
    this.images = images;
  }

  get imagesPerSecond(): number {
    return this.secondsPerStep === undefined ? 0 : this.images / this.secondsPerStep;
  }

  secondsFor(steps: number): number {
    return steps * (this.secondsPerStep ?? 0);
  }
}
