import {
  decodeFieldConfiguration,
  decodeRuleConfiguration,
  defaultReportFields,
  defaultReportRules,
  encodeFieldConfiguration,
  encodeRuleConfiguration,
  encryptProfileBIdentity,
  formatProfileBName,
  formatProfileCName,
  type ReportRules,
  reportConfiguration,
  reportedFields,
  reportInformation,
  ValueCipher,
  writeReport,
} from '@yaolian/china-mobile-dm';
import { Code } from '@yaolian/coap';
import { instance, type ObjectInstance, refuse } from '@yaolian/lwm2m/client';
import { cbcCrypto } from '@yaolian/node-runtime';
import { simulatorErrors } from '../errors.ts';
import type { Identity } from '../identity.ts';

/** Which of China Mobile's profiles a terminal follows, with what the platform issued to its vendor. */
export interface VendorProfile {
  readonly profile: 'china-mobile-b' | 'china-mobile-c';
  /** `M` and 9 digits. */
  readonly appKey: string;
  /** 32 characters; empty where the vendor has none. */
  readonly appPassword: string;
}

/** What a terminal of profile B or C has besides others. */
export interface VendorTerminal {
  readonly endpointName: string;
  readonly objects: readonly ObjectInstance[];
  /** What every Update carries in its query. */
  readonly updateQuery: readonly string[];
}

/** What the platform tells a terminal of profile C. */
export interface VendorOrders {
  readonly onRules: (rules: ReportRules) => void;
  /** It shall register there from now on. */
  readonly onAddress: (uri: string) => void;
}

/** What the terminal is, by the names of object 666's resources. */
function valuesOf({ imei, imsi }: Identity): Readonly<Record<string, string>> {
  return {
    imei1: imei,
    imsi,
    device: 'Yaolian simulated phone',
    application: 'yaolian-dm 1.0',
    mac: `02:00:00:${imei.slice(8, 10)}:${imei.slice(10, 12)}:${imei.slice(12, 14)}`,
    rom: '128GB',
    ram: '8GB',
    cpu: '8 cores, 2.4GHz',
    systemVersion: 'Linux 6.6',
    firmwareVersion: '1.0.0',
    firmwareName: 'yaolian-sim',
    volte: '1',
    networkType: '5G',
    account: 'unKnown',
    phoneNumber: 'unSupport',
    location: '****',
  };
}

/** @throws YaolianError SIMULATOR_BAD_OPTION when the appKey is none */
export function vendorTerminal(vendor: VendorProfile, identity: Identity, orders: VendorOrders): VendorTerminal {
  if (!/^M\d{9}$/.test(vendor.appKey)) {
    throw simulatorErrors.SIMULATOR_BAD_OPTION('app-key', `M and 9 digits, not "${vendor.appKey}"`);
  }
  const cipher = new ValueCipher(cbcCrypto, vendor.appPassword);
  return vendor.profile === 'china-mobile-b'
    ? multiFormTerminal(vendor.appKey, cipher, identity)
    : dm4Terminal(vendor.appKey, cipher, identity, orders);
}

/** Profile B: the name encrypted, object 666 with every value encrypted, and `epi` in Updates. */
function multiFormTerminal(appKey: string, cipher: ValueCipher, identity: Identity): VendorTerminal {
  const { imei, imsi } = identity;
  const nameWith = (last: string | undefined) => {
    const parts = { imei1: imei, imei2: undefined, imsi, dmVersion: last };
    const encryptedIdentity = encryptProfileBIdentity(parts, cipher);
    return formatProfileBName({ terminal: 'L', encryptedIdentity, appKey, imei, dmVersion: 'v2.0' });
  };
  const endpointName = nameWith('v2.0');
  const values = Object.entries(valuesOf(identity)).filter(([name]) => Object.hasOwn(reportInformation.named, name));
  const encrypted = Object.fromEntries(values.map(([name, value]) => [name, cipher.encrypt(value)]));
  return {
    endpointName,
    objects: [instance(reportInformation, encrypted)],
    updateQuery: [`epi=${nameWith(undefined)}`],
  };
}

/** Profile C: the name in the clear, objects 668 and 669. */
function dm4Terminal(
  appKey: string,
  cipher: ValueCipher,
  identity: Identity,
  { onRules, onAddress }: VendorOrders,
): VendorTerminal {
  const endpointName = formatProfileCName({
    brand: 'YAOLIAN',
    model: 'SIM-1',
    appKey,
    sdkVersion: '4.0.0',
    apiVersion: '1.0',
    apiType: '1',
    templateId: undefined,
    imei1: identity.imei,
    imei2: undefined,
    reserved: [undefined, undefined, undefined],
  });
  const values = valuesOf(identity);
  let wanted: readonly string[] = defaultReportFields;
  const configuration = instance(
    reportConfiguration,
    { fields: encodeFieldConfiguration(wanted), rules: encodeRuleConfiguration(defaultReportRules), address: '' },
    {
      onWrite: {
        fields: (text) => {
          const fields = decodeFieldConfiguration(text);
          if (!fields.ok) return refuse(Code.BadRequest, fields.error);
          wanted = fields.value;
        },
        rules: (text) => {
          const rules = decodeRuleConfiguration(text);
          if (!rules.ok) return refuse(Code.BadRequest, rules.error);
          onRules(rules.value);
        },
        address: (uri) => {
          if (!/^coaps?(\+tcp)?:\/\/[^\s/]+\/?$/.test(uri)) return refuse(Code.BadRequest, 'the address of no server');
          onAddress(uri);
        },
      },
    },
  );
  // A field that it does not have is unKnown; one that nobody wants is not there.
  const report = () =>
    writeReport(Object.fromEntries(wanted.map((field) => [field, values[field] ?? 'unKnown'])), cipher);
  return {
    endpointName,
    objects: [configuration, instance(reportedFields, {}, { onRead: { report } })],
    updateQuery: [],
  };
}
