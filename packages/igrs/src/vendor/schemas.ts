import type { RaChildSchema, RaElementSchema } from '../schema/schema.ts';
import { type VendorNamespace, vendorNamespaces as vendor } from './namespaces.ts';

const address = { occurs: '1', text: 'address' } as const;
const perhaps = { occurs: '?', text: 'text' } as const;
const texts = { occurs: '*', text: 'text' } as const;

const information: RaChildSchema = {
  occurs: '*',
  attributes: { jid: 'address' },
  optional: { state: ['online', 'offline', 'sleeping'] },
  children: {
    name: perhaps,
    group: texts,
    protocolVersion: perhaps,
    deviceType: perhaps,
    manufacturer: perhaps,
    modelName: perhaps,
    modelNumber: perhaps,
  },
};
const bound: RaChildSchema = {
  occurs: '*',
  children: { user: address, device: address, state: { occurs: '1', text: 'text' }, name: perhaps, group: texts },
};

interface Pair {
  readonly request: RaElementSchema;
  readonly answer: RaElementSchema;
}

const nothing: RaElementSchema = {};
/** Of a list that is longer than an answer may be: `next` of one goes into `after` of the next request. */
const goesOn = { optional: { next: 'text' } } as const satisfies RaElementSchema;
const further = { optional: { after: 'text' } } as const satisfies RaElementSchema;
const informed: RaElementSchema = { ...goesOn, children: { device: information } };

/** What a `<query/>` of each namespace contains, and the one that answers it. Where the answer has no content there is none. */
export const vendorSchemas: Readonly<Record<VendorNamespace, Pair>> = {
  [vendor.userBind]: {
    request: { children: { device: address, verifyCode: { occurs: '1', text: 'text' }, name: perhaps, group: texts } },
    answer: { children: { bind: bound } },
  },
  [vendor.deviceBind]: {
    request: { children: { user: address, accept: { occurs: '?', text: ['0', '1', 'true', 'false'] } } },
    answer: nothing,
  },
  [vendor.unbind]: {
    request: { children: { device: { ...address, occurs: '?' }, user: { ...address, occurs: '?' } } },
    answer: nothing,
  },
  [vendor.queryBind]: { request: further, answer: { ...goesOn, children: { bind: bound } } },
  [vendor.verifyCode]: {
    request: { children: { device: { ...address, occurs: '?' } } },
    answer: {
      children: { device: address, verifyCode: { occurs: '1', text: 'text' }, expires: { occurs: '?', text: 'time' } },
    },
  },
  [vendor.userDevicesInfo]: { request: further, answer: informed },
  [vendor.devicesInfo]: {
    request: { ...further, children: { device: { occurs: '*', text: 'address' } } },
    answer: informed,
  },
  [vendor.deviceInfo]: { request: { children: { device: address } }, answer: informed },
  [vendor.deviceAdd]: { request: { children: { device: address, other: address } }, answer: nothing },
  [vendor.deviceUnlink]: { request: { children: { device: address, other: address } }, answer: nothing },
  [vendor.linkedDevicesInfo]: {
    request: { ...further, children: { device: { ...address, occurs: '?' } } },
    answer: informed,
  },
  [vendor.bookmarkAdd]: {
    request: { children: { name: { ...perhaps, occurs: '1' }, address: perhaps, text: perhaps } },
    answer: nothing,
  },
  [vendor.bookmarkRemove]: { request: { children: { name: { ...perhaps, occurs: '1' } } }, answer: nothing },
  [vendor.bookmarkGet]: {
    request: further,
    answer: {
      ...goesOn,
      children: {
        bookmark: { occurs: '*', children: { name: { ...perhaps, occurs: '1' }, address: perhaps, text: perhaps } },
      },
    },
  },
  [vendor.modifyLocation]: {
    request: { children: { device: address, location: { occurs: '1', text: 'text' } } },
    answer: nothing,
  },
};
