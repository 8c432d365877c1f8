import { DataError } from '@ganzoo/core';
import type { StateDictionary } from '@ganzoo/metrics';
import { BufferReader, Parser } from 'pickleparser';

/** The first pickle of a file by `torch.save` before 1.6, or with `_use_new_zipfile_serialization=False`: a number that says so. */
const MAGIC = Uint8Array.of(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e);
const BYTES = 4;

/** Values that several tensors may share, and that stand behind the pickles. */
interface Storage {
  readonly key: string;
  readonly type: string;
  readonly length: number;
}

interface Tensor {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
}

/**
 * The float32 tensors of a state dictionary that PyTorch has saved (torch/serialization.py, `_legacy_save`): five pickles - magic number,
 * version, machine, the dictionary, the storages' keys - and the storages, each behind its number of values. Other types (counters of
 * batches) are left out. Nothing of the file is executed.
 * @param file for the errors
 * @throws {DataError} when it is no such file, damaged, or of a big-endian machine
 */
export function readStateDictionary(bytes: Uint8Array, file: string): StateDictionary {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    throw new DataError(`${file} is in PyTorch's newer, zipped format.`, { remedy: 'Save it again with torch.save(torch.load(file), file, _use_new_zipfile_serialization=False).' });
  }
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) throw new DataError(`${file} was not saved by PyTorch.`, { remedy: 'Give a file of weights as torch.save writes it.' });
  try {
    return new StateReader(bytes.subarray(MAGIC.length)).read();
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`${file} is damaged, or no state dictionary: ${(error as Error).message}`, { remedy: 'Get the file again.', cause: error });
  }
}

class StateReader {
  private readonly reader: BufferReader;
  private readonly parser = new Parser({
    unpicklingTypeOfDictionary: 'Map',
    nameResolver: { resolve: (module, name) => resolve(module, name) },
    persistentResolver: { resolve: (id: unknown) => storageOf(id) },
  });

  constructor(private readonly bytes: Uint8Array) {
    this.reader = new BufferReader(bytes);
  }

  read(): StateDictionary {
    this.parser.read(this.reader); // the version
    const machine = this.parser.read(this.reader);
    if (!(machine instanceof Map) || machine.get('little_endian') !== true) throw new Error('it is not of a little-endian machine');
    const state = this.parser.read(this.reader);
    if (!(state instanceof Map)) throw new Error('it holds something else');
    const keys = this.parser.read(this.reader);
    if (!Array.isArray(keys)) throw new Error('it does not list its storages');
    const tensors = [...state].filter((entry): entry is [string, Tensor] => isTensor(entry[1]));
    const storages = this.readStorages(keys, new Map(tensors.map(([, { storage }]) => [storage.key, storage])));
    return Object.fromEntries(tensors.flatMap(([name, tensor]) => (tensor.storage.type === 'FloatStorage' ? [[name, valuesOf(name, tensor, storages.get(tensor.storage.key))]] : [])));
  }

  private readStorages(keys: readonly unknown[], known: ReadonlyMap<string, Storage>): Map<string, Float32Array> {
    const storages = new Map<string, Float32Array>();
    for (const key of keys) {
      const storage = known.get(String(key));
      if (!storage) throw new Error(`the storage ${key} belongs to no tensor`);
      const { type, length } = storage;
      const size = type === 'FloatStorage' ? BYTES : type === 'LongStorage' ? 2 * BYTES : undefined;
      if (size === undefined) throw new Error(`it holds tensors of a ${type}`);
      if (this.reader.uint64() !== length) throw new Error(`the storage ${key} is not as long as its tensors say`);
      const start = this.reader.position;
      if (start + size * length > this.bytes.length) throw new Error('it ends too early');
      this.reader.skip(size * length);
      if (type === 'FloatStorage') storages.set(storage.key, new Float32Array(new Uint8Array(this.bytes.subarray(start, start + size * length)).buffer));
    }
    return storages;
  }
}

/** What a state dictionary may be made of; anything else is refused. */
function resolve(module: string, name: string): (...args: unknown[]) => unknown {
  const known: Record<string, (...args: unknown[]) => unknown> = {
    'collections OrderedDict': () => new Map(),
    'torch._utils _rebuild_tensor_v2': (storage, offset, shape, stride) => ({ storage, offset, shape, stride }),
    'torch._utils _rebuild_parameter': (tensor) => tensor,
  };
  const found = known[`${module} ${name}`];
  if (found) return found;
  if (module === 'torch' && name.endsWith('Storage')) return Object.assign(() => undefined, { storageType: name });
  throw new Error(`it refers to ${module}.${name}`);
}

/** ('storage', type, key, device, length, view) */
function storageOf(id: unknown): Storage {
  if (!Array.isArray(id) || id[0] !== 'storage') throw new Error('a reference leads nowhere');
  const [, type, key, , length] = id as [string, { storageType?: string }, unknown, unknown, unknown];
  if (!Number.isSafeInteger(length) || (length as number) < 0) throw new Error(`a storage has ${length} values`);
  return { key: String(key), type: type.storageType ?? 'storage without type', length: length as number };
}

function isTensor(value: unknown): value is Tensor {
  const { storage, offset, shape, stride } = (value ?? {}) as Partial<Tensor>;
  const sizes = (list: unknown): boolean => Array.isArray(list) && list.every((size) => Number.isSafeInteger(size) && size >= 0);
  return storage !== undefined && Number.isSafeInteger(offset) && (offset as number) >= 0 && sizes(shape) && sizes(stride);
}

function valuesOf(name: string, { offset, shape, stride }: Tensor, values: Float32Array | undefined): StateDictionary[string] {
  let length = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if ((shape[axis] as number) > 1 && stride[axis] !== length) throw new Error(`'${name}' does not lie in one piece`);
    length *= shape[axis] as number;
  }
  if (values === undefined || offset + length > values.length) throw new Error(`'${name}' is larger than its storage`);
  return { shape, values: values.subarray(offset, offset + length) };
}
