import type { OnDecided } from './association.ts';

/** A device of the RA, as it describes itself (registration, §7.3) or as the platform describes a terminal that is shared. */
export interface RaDevice {
  /** The name of its account. */
  readonly account: string;
  /** The key of the LwM2M device that it is; undefined: it speaks RA itself. */
  readonly terminal: string | undefined;
  readonly deviceType: string;
  readonly vendor: string;
  readonly model: string;
  /** Whether it is asked before a user owns it. */
  readonly confirms: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export interface RaDeviceQuery {
  /** Devices after this account, in the order of accounts. */
  readonly after?: string;
  readonly limit: number;
}

/** Where devices of the RA are kept. A promise resolves when the change is on disk. Every adapter passes `raDeviceStoreContract`. */
export interface RaDeviceStore {
  raDevice(account: string): Promise<RaDevice | undefined>;
  raDeviceOfTerminal(terminal: string): Promise<RaDevice | undefined>;
  raDevices(query: RaDeviceQuery): Promise<readonly RaDevice[]>;
  /** Replaces what was kept. False, and nothing changed, when the terminal has another account. */
  putRaDevice(device: RaDevice): Promise<boolean>;
  /** Changes what is described of a device; what is absent stays. False when there is no such device. */
  changeRaDevice(
    account: string,
    change: Partial<Pick<RaDevice, 'deviceType' | 'vendor' | 'model' | 'confirms'>>,
    onDecided?: OnDecided<boolean>,
  ): Promise<boolean>;
  removeRaDevice(account: string): Promise<boolean>;
}
