import type * as tf from '@tensorflow/tfjs';
import type { OperationAttribute, TensorFlowBackend } from './backend.js';
import type { GraphNode, NodeOutput, Recording } from './recording.js';

/**
 * A recording as TensorFlow's SavedModel protocol buffer (tensorflow/core/protobuf/saved_model.proto), written field by
 * field: the few messages that a graph needs are smaller than a protobuf library and its schema.
 */
export function encodeSavedModel(recording: Recording, binding: TensorFlowBackend['binding']): Uint8Array {
  const nodes = recording.nodes.map((node, i) => bytesField(1, nodeDef(node, i, binding)));
  const graphDef = message(...nodes, bytesField(4, message(varintField(1, GRAPH_PRODUCER_VERSION))));
  const metaInfo = message(stringField(4, TAG));
  const metaGraph = message(bytesField(1, metaInfo), bytesField(2, graphDef));
  return message(varintField(1, 1), bytesField(2, metaGraph));
}

/** The tag under which the graph is loaded. */
export const TAG = 'serve';
/** GraphDef versions up to the library's own are accepted; this one (2021) has every operation used here. */
const GRAPH_PRODUCER_VERSION = 912;

/** tensorflow/core/framework/types.proto */
const DATA_TYPES: Readonly<Record<string, number>> = { float32: 1, int32: 3, string: 7, complex64: 8, int64: 9, bool: 10 };

export function nodeName(index: number): string {
  return `n${index}`;
}

export function outputName({ node, output }: NodeOutput): string {
  return `${nodeName(node)}:${output}`;
}

function nodeDef(node: GraphNode, index: number, binding: TensorFlowBackend['binding']): Uint8Array {
  const name = stringField(1, nodeName(index));
  switch (node.kind) {
    case 'input':
      return message(
        name,
        stringField(2, 'Placeholder'),
        attribute('dtype', varintField(6, dataType(node.dtype))),
        attribute('shape', bytesField(7, shapeProto(node.shape))),
      );
    case 'constant':
      return message(
        name,
        stringField(2, 'Const'),
        attribute('dtype', varintField(6, dataType(node.dtype))),
        attribute('value', bytesField(8, tensorProto(node))),
      );
    case 'operation':
      return message(
        name,
        stringField(2, node.name),
        ...node.inputs.map((input) => stringField(3, outputName(input))),
        ...node.attributes.map((one) => attribute(one.name, attributeValue(one, binding))),
      );
  }
}

/** An entry of NodeDef's map of attributes. */
function attribute(name: string, value: Uint8Array): Uint8Array {
  return bytesField(5, message(stringField(1, name), bytesField(2, value)));
}

/** AttrValue (attr_value.proto): s = 2, i = 3, f = 4, b = 5, type = 6, shape = 7, list = 1. */
function attributeValue({ name, type, value }: OperationAttribute, binding: TensorFlowBackend['binding']): Uint8Array {
  const single = (one: unknown): Uint8Array => {
    switch (type) {
      case binding.TF_ATTR_STRING:
        return stringField(2, one as string);
      case binding.TF_ATTR_INT:
        return varintField(3, one as number);
      case binding.TF_ATTR_FLOAT:
        return floatField(4, one as number);
      case binding.TF_ATTR_BOOL:
        return varintField(5, one === true ? 1 : 0);
      case binding.TF_ATTR_TYPE:
        return varintField(6, one as number);
      case binding.TF_ATTR_SHAPE:
        return bytesField(7, shapeProto(one as number[]));
      default:
        throw new Error(`The attribute '${name}' has the unknown type ${type}.`);
    }
  };
  if (!Array.isArray(value) || type === binding.TF_ATTR_SHAPE) return single(value);
  return bytesField(1, message(...value.map(single)));
}

/** TensorShapeProto: dim = 2 { size = 1 }. */
function shapeProto(shape: readonly number[]): Uint8Array {
  return message(...shape.map((size) => bytesField(2, varintField(1, size))));
}

/** TensorProto: dtype = 1, tensor_shape = 2, tensor_content = 4 (raw little-endian values). */
function tensorProto({ dtype, shape, values }: Extract<GraphNode, { kind: 'constant' }>): Uint8Array {
  return message(varintField(1, dataType(dtype)), bytesField(2, shapeProto(shape)), bytesField(4, contentOf(dtype, values)));
}

function contentOf(dtype: tf.DataType, values: tf.TypedArray): Uint8Array {
  const typed = dtype === 'float32' ? Float32Array.from(values) : dtype === 'bool' ? Uint8Array.from(values) : Int32Array.from(values);
  return new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength);
}

function dataType(dtype: string): number {
  const code = DATA_TYPES[dtype];
  if (code === undefined) throw new Error(`A tensor of type ${dtype} cannot stand in a graph.`);
  return code;
}

// The protocol-buffer wire format: a key (field << 3 | wire type), then a varint, four bytes, or a length and bytes.

function message(...fields: Uint8Array[]): Uint8Array {
  return Buffer.concat(fields);
}

function varintField(field: number, value: number): Uint8Array {
  return Buffer.concat([varint(field << 3), varint(value)]);
}

function bytesField(field: number, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

function stringField(field: number, text: string): Uint8Array {
  return bytesField(field, Buffer.from(text));
}

function floatField(field: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint((field << 3) | 5), bytes]);
}

/** Negative numbers take ten bytes: two's complement in 64 bits. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}
