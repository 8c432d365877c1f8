import { UPDATES } from '@ganzoo/core';
import type { Operation } from './recording.js';

const KERNELS: ReadonlySet<string> = new Set(Object.values(UPDATES).map(({ kernel }) => kernel));

/** The last operands of an update: gradient, rate, epsilon. Those before are what it moves. */
export const UPDATE_OPERANDS = 3;

/** Whether a recorded operation is an optimizer's update of one weight. */
export const isUpdate = ({ name }: Operation): boolean => KERNELS.has(name);
