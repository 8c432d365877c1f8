import * as tf from '@tensorflow/tfjs';

/** labels [n], int32 -> [n, classes], float32. */
export function oneHot(labels: tf.Tensor, classes: number): tf.Tensor {
  return tf.oneHot(labels as tf.Tensor1D, classes, 1, 0, 'float32');
}

/** 0, 1, .. classes - 1, 0, 1, ..: as many of each class as can be, and one after the other in a grid. */
export function cyclingLabels(n: number, classes: number): tf.Tensor1D {
  return tf.tensor1d(Int32Array.from({ length: n }, (_, i) => i % classes), 'int32');
}

/** Concatenates the one-hot label [n, classes] behind the features: on maps [n, h, w, c] as constant maps. */
export function joinLabel(features: tf.SymbolicTensor, label: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  return connect(tf.layers.concatenate({ name, axis: -1 }), [features, features.shape.length === 4 ? constantMaps(features, label, name) : label]);
}

/** [n, classes] -> [n, h, w, classes], of the features' height and width. */
function constantMaps(features: tf.SymbolicTensor, label: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  const [, height, width] = features.shape as [null, number, number];
  const classes = label.shape[1] as number;
  const repeated = connect(tf.layers.repeatVector({ name: `${name}_repeat`, n: height * width }), label);
  return connect(tf.layers.reshape({ name: `${name}_maps`, targetShape: [height, width, classes] }), repeated);
}

/** A layer as part of a graph of layers. */
export function connect(layer: tf.layers.Layer, input: tf.SymbolicTensor | tf.SymbolicTensor[]): tf.SymbolicTensor {
  return layer.apply(input) as tf.SymbolicTensor;
}
