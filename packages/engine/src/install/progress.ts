/** What an installation is doing. `waiting`: another process is installing the same. */
export type InstallPhase = 'waiting' | 'checking' | 'packages' | 'downloading' | 'unpacking' | 'compiling' | 'verifying';

export interface InstallProgress {
  readonly phase: InstallPhase;
  /** How far the phase is, 0 .. 1, where that is known. */
  readonly fraction?: number;
  /** Bytes downloaded so far. */
  readonly bytes?: number;
}

export type OnProgress = (progress: InstallProgress) => void;
