import * as tf from '@tensorflow/tfjs';
import type { Random } from '../random.js';

/** Adds a vector of `size` numbers, which is not trained, to a layer. */
type AddVector = (name: string, size: number, initial: number) => tf.LayerVariable;

/**
 * Spectral normalization (Miyato et al. 2018, arXiv 1802.05957): W / sigma(W), where sigma is the largest singular
 * value of the kernel as a matrix [inputs of one output, outputs] ([kh kw cin, cout] of a convolution).
 *
 * Algorithm 1 and appendix A: sigma = u^T W v with u, v from power iterations that go on from one step to the next. u and
 * v are weights that are not trained, saved with the network, and constants to the gradient; it flows through W, in
 * the numerator and in sigma (eq. 12). They move only when {@link powerIterate} says so.
 */
export class SpectralNorm {
  /** [outputs], of length 1. */
  private readonly u: tf.LayerVariable;
  /** [inputs of one output], of length 1. */
  private readonly v: tf.LayerVariable;

  constructor(
    private readonly kernel: tf.LayerVariable,
    add: AddVector,
  ) {
    const outputs = kernel.shape.at(-1) as number;
    const inputs = kernel.shape.reduce<number>((product, side) => product * (side as number), 1) / outputs;
    this.u = add('u', outputs, 1 / Math.sqrt(outputs));
    this.v = add('v', inputs, 1 / Math.sqrt(inputs));
  }

  /** The estimate of the largest singular value, rank 0. The kernel's gradient flows through it. */
  sigma(): tf.Tensor {
    return tf.tidy(() => tf.sum(tf.mul(tf.matMul(asRow(this.v.read()), this.matrix()), asRow(this.u.read()))));
  }

  /** v = W u / |W u|, u = W^T v / |W^T v|, in the layout of our matrix, in which the paper's W is transposed. */
  powerIterate(iterations = 1): void {
    tf.tidy(() => {
      const matrix = this.matrix();
      for (let i = 0; i < iterations; i++) {
        this.updateV(matrix);
        this.u.write(unit(tf.reshape(tf.matMul(asRow(this.v.read()), matrix), [-1])));
      }
    });
  }

  /** A u of random direction, and the v that belongs to it. Until then all their entries are equal. */
  start(random: Random): void {
    tf.tidy(() => {
      this.u.write(unit(random.fork(this.u.originalName).normal(this.u.shape as [number])));
      this.updateV(this.matrix());
    });
  }

  private updateV(matrix: tf.Tensor2D): void {
    this.v.write(unit(tf.reshape(tf.matMul(matrix, tf.reshape(this.u.read(), [-1, 1])), [-1])));
  }

  private matrix(): tf.Tensor2D {
    return tf.reshape(this.kernel.read(), [-1, this.u.shape[0] as number]);
  }
}

function asRow(vector: tf.Tensor): tf.Tensor2D {
  return tf.reshape(vector, [1, -1]);
}

function unit(vector: tf.Tensor): tf.Tensor {
  return tf.div(vector, tf.add(tf.sqrt(tf.sum(tf.square(vector))), 1e-12));
}
