import type { Plan } from '@ganzoo/core';

export interface GrowthConfig {
  /** Real images shown in each phase: of every fade, and of every time between two. */
  readonly imagesPerPhase: number;
  readonly batchSize: number;
}

/** Resolution of the first phase, in pixels. */
export const FIRST = 4;

/** 4, 8, ... up to the size of the images. */
export function resolutions(size: number): number[] {
  return Array.from({ length: Math.log2(size / FIRST) + 1 }, (_, level) => FIRST * 2 ** level);
}

/** A plan of which resolution and phase are known. */
export type GrowthPlan = Plan & Required<Pick<Plan, 'phase' | 'resolution'>>;

/**
 * The paper's schedule (appendix A.1): train at 4x4, then fade the layers of the next resolution in and train with them,
 * up to the size of the images, where training goes on for as long as it is asked to. In a fade the scalar `alpha` goes
 * linearly from 0 to 1. Both optimizers start anew when layers come in.
 * @returns a pure function of the step.
 */
export function growth(size: number, { imagesPerPhase, batchSize }: GrowthConfig): (step: number) => GrowthPlan {
  const steps = Math.ceil(imagesPerPhase / batchSize);
  const last = 2 * (resolutions(size).length - 1);
  return (step) => {
    const index = Math.min(last, Math.floor(step / steps)); // 4x4, 8x8 fade, 8x8, 16x16 fade, ...
    const resolution = FIRST * 2 ** Math.ceil(index / 2);
    if (index % 2 === 0) return { phase: `${resolution}x${resolution}`, resolution };
    const since = step - index * steps;
    return {
      phase: `${resolution}x${resolution} ${FADE}`,
      resolution,
      scalars: { alpha: since / steps },
      ...(since === 0 && { resetOptimizers: ['discriminator', 'generator'] }),
    };
  };
}

const FADE = 'fade';

/** Whether new layers are being faded in, by the plan's phase. */
export function isFading(phase: string | undefined): boolean {
  return phase?.endsWith(FADE) === true;
}
