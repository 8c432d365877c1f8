import type * as tf from '@tensorflow/tfjs';
import type { TensorFlowBackend } from './backend.js';
import type { OperationAttribute } from './recording.js';

/** A node of a graph in TensorFlow's terms. */
export interface NodeDef {
  readonly name: string;
  readonly operation: string;
  /** `name:output`, or `^name` for one that must have run before. */
  readonly inputs?: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** An encoded value of an attribute. */
export type AttributeValue = Uint8Array;

/** A constant's type, shape and values. */
export interface Constant {
  readonly dtype: tf.DataType;
  readonly shape: readonly number[];
  readonly values: tf.TypedArray;
}

/**
 * A graph as TensorFlow's SavedModel protocol buffer (tensorflow/core/protobuf/saved_model.proto), written field by
 * field: the few messages that a graph needs are smaller than a protobuf library and its schema.
 */
export function encodeSavedModel(graph: readonly NodeDef[]): Uint8Array {
  const nodes = graph.map((node) => bytesField(1, nodeDef(node)));
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
const DATA_TYPES: Readonly<Record<string, number>> = { float32: 1, float64: 2, int32: 3, string: 7, complex64: 8, int64: 9, bool: 10 };

function nodeDef({ name, operation, inputs = [], attributes }: NodeDef): Uint8Array {
  const entries = Object.entries(attributes).map(([key, value]) => bytesField(5, message(stringField(1, key), bytesField(2, value))));
  return message(stringField(1, name), stringField(2, operation), ...inputs.map((input) => stringField(3, input)), ...entries);
}

export const intAttribute = (value: number): AttributeValue => varintField(3, value);
export const boolAttribute = (value: boolean): AttributeValue => varintField(5, value ? 1 : 0);
export const typeAttribute = (dtype: string): AttributeValue => varintField(6, dataType(dtype));
export const shapeAttribute = (shape: readonly number[]): AttributeValue => bytesField(7, shapeProto(shape));
/** TensorShapeProto: unknown_rank = 3. */
export const unknownShapeAttribute: AttributeValue = bytesField(7, varintField(3, 1));
export const textAttribute = (text: string): AttributeValue => stringField(2, text);
export const constantAttribute = (constant: Constant): AttributeValue => bytesField(8, tensorProto(constant));

/** AttrValue (attr_value.proto): s = 2, i = 3, f = 4, b = 5, type = 6, shape = 7, list = 1. */
export function recordedAttribute({ name, type, value }: OperationAttribute, binding: TensorFlowBackend['binding']): AttributeValue {
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
function tensorProto({ dtype, shape, values }: Constant): Uint8Array {
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
