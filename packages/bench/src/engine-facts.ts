import type { Engine } from '@ganzoo/core';

/** What can be said of an engine outside its process. Plain data. */
export type EngineFacts = Pick<Engine, 'name' | 'device' | 'versions' | 'passedOver' | 'gpus'> & {
  /** It can run a step as one call. */
  readonly traces: boolean;
};

export function engineFacts({ name, device, versions, passedOver, gpus, tracer }: Engine): EngineFacts {
  return { name, device, versions, passedOver, ...(gpus && { gpus }), traces: tracer !== undefined };
}
