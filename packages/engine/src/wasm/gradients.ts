import * as tf from '@tensorflow/tfjs';

/**
 * Gradients of sum and mean without the detour of TensorFlow.js's own, which write a tensor of ones in JavaScript and multiply by it:
 * a twentieth of a GAN's step, since every batch norm takes two means.
 */
export function registerReductionGradients(): void {
  for (const kernelName of ['Sum', 'Mean']) {
    tf.unregisterGradient(kernelName);
    tf.registerGradient({
      kernelName,
      inputsToSave: ['x'],
      gradFunc: (dy, saved, attrs) => {
        const [x] = saved as [tf.Tensor];
        const axes = tf.util.parseAxisParam(attrs.axis as number[], x.shape);
        const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
        const count = kernelName === 'Mean' ? x.size / kept.reduce((size, n) => size * n, 1) : 1;
        return { x: () => tf.add(tf.div(tf.reshape(dy as tf.Tensor, kept), count), tf.zerosLike(x)) };
      },
    });
  }
}
