/** An optimizer as data: eager and traced moves build the same update from it. */
export type OptimizerConfig = {
  /** Step size; a plan's `learningRate` scalar replaces it. */
  readonly learningRate: number;
  /** L2 penalty added to the gradient (as PyTorch's and Chainer's `weight_decay`), default 0. */
  readonly weightDecay?: number;
} & (
  | { readonly kind: 'adam'; readonly beta1: number; readonly beta2: number; readonly epsilon?: number }
  | { readonly kind: 'rmsprop'; readonly decay: number; readonly epsilon?: number }
  | { readonly kind: 'sgd'; readonly momentum?: number }
);
