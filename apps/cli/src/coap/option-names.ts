import { encodeUint, type Option, optionKind, optionName } from '@yaolian/coap';
import { decodeHex, encodeUtf8 } from '@yaolian/kernel';
import { cliErrors } from '../errors.ts';

/** `11=rd`, `14=60`, `2049=0x0102`: number and value. */
export function coapOption(text: string): Option {
  const match = /^(\d{1,5})(?:=(.*))?$/s.exec(text);
  const number = Number(match?.[1]);
  if (!match || number > 65_535) {
    throw cliErrors.CLI_USAGE(`"${text}" is no option; write number=value, as in 14=60, 15=name=value or 2049=0x0102`);
  }
  return { number, value: encodeValue(number, match[2] ?? '') };
}

function encodeValue(number: number, text: string): Uint8Array {
  if (text.startsWith('0x')) {
    const bytes = decodeHex(text.slice(2));
    if (bytes) return bytes;
    throw cliErrors.CLI_USAGE(`"${text}" is not hexadecimal; write two digits for each byte, as in 0x01ff`);
  }
  const kind = optionKind(number) ?? 'text';
  if (kind !== 'uint' && kind !== 'format') return encodeUtf8(text);
  if (!/^\d{1,10}$/.test(text) || Number(text) > 0xffff_ffff) {
    throw cliErrors.CLI_USAGE(`${optionName(number)} takes a number from 0 to 4294967295, not "${text}"`);
  }
  return encodeUint(Number(text));
}
