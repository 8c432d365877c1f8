/**
 * What went wrong, in one sentence that names the thing, and what to do about it.
 * The command line prints `message` and `remedy` and ends with `exitCode`; it shows the stack only with `--debug`.
 */
export class GanzooError extends Error {
  /** One sentence: what the reader can do. */
  readonly remedy: string;
  /** Exit code of the command line: 2 for a wrong call, 1 for everything else. */
  readonly exitCode: 1 | 2 = 1;

  constructor(message: string, options: { remedy: string; cause?: unknown }) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = new.target.name;
    this.remedy = options.remedy;
  }
}

/** The call itself is wrong: an unknown name, an option out of range. */
export class UsageError extends GanzooError {
  override readonly exitCode = 2 as const;
}

/** A field of a variant's or a run's configuration is unknown or out of range. */
export class ConfigError extends UsageError {}

/** A data file or folder is missing, damaged, or not what its name says; or data do not fit a variant. */
export class DataError extends GanzooError {}

/** An engine cannot be installed, loaded, or fails its probe. */
export class EngineError extends GanzooError {}

/** A checkpoint is missing, damaged, or belongs to something else. */
export class CheckpointError extends GanzooError {}

/** A score cannot be computed from what was given. */
export class MetricError extends GanzooError {}

/** A loss or a weight became NaN or infinite. The trainer stops before anything is saved. */
export class NonFiniteError extends GanzooError {
  constructor(
    /** Which scalar, e.g. `discriminator.total`. */
    readonly scalar: string,
    readonly value: number,
    /** Generator steps finished before the one that failed. */
    readonly step: number,
  ) {
    super(`${scalar} became ${value} in step ${step + 1}.`, {
      remedy: 'Lower the learning rate, or look at the log of the steps before; the last checkpoint is from before this step.',
    });
  }
}
