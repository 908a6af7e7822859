/** Content-Format numbers of the CoAP and OMA registries. */
export const ContentFormat = {
  Text: 0,
  LinkFormat: 40,
  Xml: 41,
  OctetStream: 42,
  Exi: 47,
  Json: 50,
  Cbor: 60,
  SenmlJson: 110,
  SenmlCbor: 112,
  /** RFC 9148 §9.1. */
  Pkcs7CertsOnly: 281,
  Pkcs10: 286,
  PkixCert: 287,
  SenmlEtchJson: 320,
  SenmlEtchCbor: 322,
  Lwm2mTlv: 11542,
  Lwm2mJson: 11543,
  Lwm2mCbor: 11544,
} as const;

const mediaTypes: ReadonlyMap<number, string> = new Map([
  [ContentFormat.Text, 'text/plain;charset=utf-8'],
  [ContentFormat.LinkFormat, 'application/link-format'],
  [ContentFormat.Xml, 'application/xml'],
  [ContentFormat.OctetStream, 'application/octet-stream'],
  [ContentFormat.Exi, 'application/exi'],
  [ContentFormat.Json, 'application/json'],
  [ContentFormat.Cbor, 'application/cbor'],
  [ContentFormat.SenmlJson, 'application/senml+json'],
  [ContentFormat.SenmlCbor, 'application/senml+cbor'],
  [ContentFormat.Pkcs7CertsOnly, 'application/pkcs7-mime; smime-type=certs-only'],
  [ContentFormat.Pkcs10, 'application/pkcs10'],
  [ContentFormat.PkixCert, 'application/pkix-cert'],
  [ContentFormat.SenmlEtchJson, 'application/senml-etch+json'],
  [ContentFormat.SenmlEtchCbor, 'application/senml-etch+cbor'],
  [ContentFormat.Lwm2mTlv, 'application/vnd.oma.lwm2m+tlv'],
  [ContentFormat.Lwm2mJson, 'application/vnd.oma.lwm2m+json'],
  [ContentFormat.Lwm2mCbor, 'application/vnd.oma.lwm2m+cbor'],
]);

/** The media type of a Content-Format; undefined when we do not know it. */
export function mediaTypeOf(contentFormat: number): string | undefined {
  return mediaTypes.get(contentFormat);
}
