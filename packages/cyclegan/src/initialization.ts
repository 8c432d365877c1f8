/** "Weights are initialized from a Gaussian distribution N(0, 0.02)" (appendix 7.1). Biases start at 0. */
export const KERNEL_SD = 0.02;
