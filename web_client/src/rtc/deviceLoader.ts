import type { Device, types } from 'mediasoup-client';

/** Has mediasoup-client's device ready for the router of a hub, once for all calls. */
export class DeviceLoader {
  readonly #create: () => Promise<Device>;
  #key = '';
  #loaded: Promise<Device> | null = null;
  /** What is ready without waiting; null before the first `load` is done. */
  ready: Device | null = null;

  constructor(create: () => Promise<Device> = makeDevice) {
    this.#create = create;
  }

  /** Return a device that speaks with this router. Rejects where the browser cannot. */
  load(routerRtpCapabilities: object): Promise<Device> {
    const key = JSON.stringify(routerRtpCapabilities);
    if (!this.#loaded || key !== this.#key) {
      this.#key = key;
      this.#loaded = this.#open(routerRtpCapabilities as types.RtpCapabilities);
      this.#loaded.catch(() => {
        this.#loaded = null; // what could not be fetched is fetched again
      });
    }
    return this.#loaded;
  }

  /** Forget it: the next `load` makes another one. */
  renew(): void {
    this.#loaded = null;
    this.ready = null;
  }

  async #open(routerRtpCapabilities: types.RtpCapabilities): Promise<Device> {
    const device = await this.#create();
    await device.load({ routerRtpCapabilities });
    this.ready = device;
    return device;
  }
}

async function makeDevice(): Promise<Device> {
  const lazy = await import('./device');
  return lazy.makeDevice();
}
