import * as tf from '@tensorflow/tfjs';

interface TapeNode {
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly outputs: readonly tf.Tensor[];
}

/** What TensorFlow.js's engine has beyond its public type. */
interface Engine {
  readonly state: { readonly activeTape: TapeNode[] };
  addTapeNode(...args: unknown[]): void;
}

const corrected = new WeakSet<object>();

/**
 * Lets gradients flow through outputs that an operation has saved for its backward pass (tanh, sigmoid, exp, softmax,
 * logSoftmax, pow, and whatever `tf.customGrad` saves): an inner gradient is a function of them.
 *
 * TensorFlow.js writes the copy that is saved on the tape before the operation itself. Read from the front, the copy then
 * is made of nothing, and counts as a constant. Here the operation goes before the copies of what it made.
 */
export function connectSavedOutputs(): void {
  const engine = tf.engine() as unknown as Engine;
  if (corrected.has(engine)) return;
  corrected.add(engine);
  const { addTapeNode } = engine;
  engine.addTapeNode = (...args) => {
    addTapeNode.apply(engine, args);
    const { activeTape } = engine.state;
    const node = activeTape.pop() as TapeNode;
    const made = new Set(node.outputs.map(({ id }) => id));
    let place = activeTape.length;
    while (place > 0 && Object.values((activeTape[place - 1] as TapeNode).inputs).some(({ id }) => made.has(id))) place -= 1;
    activeTape.splice(place, 0, node);
  };
}
