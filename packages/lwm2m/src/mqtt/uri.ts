import { failure, type Result, success } from '@yaolian/kernel';

/** Where LwM2M over MQTT is spoken: a broker, and the beginning of the topics there. */
export interface MqttUri {
  /** `mqtts`: over TLS. */
  readonly secure: boolean;
  /** An address, IPv6 without brackets, or a name. */
  readonly host: string;
  readonly port: number;
  /** The PREFIX of OMA-TS-LightweightM2M_Transport 1.2 §8.2; empty: none. */
  readonly prefix: string;
}

const form = /^(mqtts?):\/\/(?:\[([0-9a-f:.]+)\]|([^/?#@:[\]]+))(?::(\d{1,5}))?(?:\/([^?#]*))?$/i;

/**
 * Reads `mqtt://broker.example.com`, `mqtts://192.0.2.1:8883/tenant-a` (OMA-TS-LightweightM2M_Transport 1.2 §8.8). The path is the prefix of
 * topics, which the specification leaves to the deployment.
 */
export function parseMqttUri(text: string): Result<MqttUri, string> {
  const match = form.exec(text);
  const wrong = `"${text.slice(0, 100)}" is no mqtt://HOST[:PORT][/PREFIX]`;
  if (match === null) return failure(wrong);
  const [, scheme, address, name, port, path = ''] = match;
  const secure = scheme!.toLowerCase() === 'mqtts';
  const number = port === undefined ? (secure ? 8883 : 1883) : Number(port);
  if (number < 1 || number > 65_535) return failure(`${wrong}: a port is 1 to 65535`);
  const prefix = path.replace(/\/$/, '');
  if (/[+#\p{Cc}%]|^[/$]|\/$/u.test(prefix)) return failure(`${wrong}: the prefix cannot begin topics`);
  return success({ secure, host: address ?? name!, port: number, prefix });
}
