import { ContentFormat } from '@yaolian/coap';
import type { ContentCodec } from './content.ts';
import { decodeTlv } from './tlv-decoder.ts';
import { encodeTlv } from './tlv-encoder.ts';

/** application/vnd.oma.lwm2m+tlv: the format that every LwM2M 1.0 terminal speaks. */
export const tlvCodec: ContentCodec = {
  contentFormat: ContentFormat.Lwm2mTlv,
  name: 'TLV',
  encode: encodeTlv,
  decode: decodeTlv,
};
