import { EngineError } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

const MIB = 2 ** 20;

/**
 * TensorFlow.js's WebGPU back end with errors that say what happened: a tensor larger than the device allows, memory used up,
 * the device lost. WebGPU reports the last two later than the call that caused them; they are thrown where values are read,
 * so before a step's losses are believed.
 */
export class CheckedWebGPUBackend extends WebGPUBackend {
  private failure: EngineError | undefined;

  constructor(device: GPUDevice, info: GPUAdapterInfo) {
    super(device, info);
    device.addEventListener('uncapturederror', (event) => {
      event.preventDefault(); // it is reported here
      this.failure ??= failureOf((event as GPUUncapturedErrorEvent).error);
    });
    void this.watch(device);
  }

  override uploadToGPU(dataId: tf.DataId): void {
    const { resource, dtype, shape } = this.tensorMap.get(dataId);
    if (resource == null) this.checkSize(shape, tf.util.sizeFromShape(shape) * tf.util.bytesPerElement(dtype === 'bool' ? 'int32' : dtype));
    super.uploadToGPU(dataId);
  }

  override async read(dataId: object): Promise<tf.BackendValues> {
    this.check();
    try {
      const values = await super.read(dataId);
      this.check();
      return values;
    } catch (error) {
      this.check(); // of a lost device it says only that a mapping was aborted
      throw error;
    }
  }

  override readSync(dataId: object): tf.BackendValues {
    const { values, dtype } = this.tensorMap.get(dataId);
    if (values == null && dtype !== 'string' && typeof OffscreenCanvas === 'undefined') {
      throw new EngineError('A tensor was read at once (dataSync, arraySync), which WebGPU cannot do in Node.', { remedy: "Use 'await tensor.data()'." });
    }
    return super.readSync(dataId);
  }

  /** @throws {EngineError} when the device has failed since it was opened. */
  check(): void {
    if (this.failure) throw this.failure;
  }

  private async watch({ lost }: GPUDevice): Promise<void> {
    const { reason, message } = await lost;
    if (reason === 'destroyed') return;
    this.failure ??= new EngineError(`The GPU was lost: ${message.split('\n')[0]}.`, { remedy: 'Go on from the last checkpoint.' });
  }

  private checkSize(shape: readonly number[], bytes: number): void {
    const limit = Math.min(this.device.limits.maxBufferSize, this.device.limits.maxStorageBufferBindingSize);
    if (bytes <= limit) return;
    throw new EngineError(`A tensor [${shape.join(', ')}] needs ${(bytes / MIB).toFixed(1)} MiB; this GPU allows ${(limit / MIB).toFixed(1)} MiB for one.`, {
      remedy: 'Take a smaller batchSize, fewer filters or smaller images.',
    });
  }
}

function failureOf(error: GPUError): EngineError {
  const [what] = error.message.split('\n');
  if (error.constructor.name === 'GPUOutOfMemoryError') {
    return new EngineError(`The GPU's memory is used up: ${what}`, { remedy: 'Take a smaller batchSize, or fewer cells at a time (--jobs).' });
  }
  return new EngineError(`The GPU refused an operation: ${what}`, { remedy: "Report this as a bug; 'native' and 'wasm' do without the GPU." });
}
