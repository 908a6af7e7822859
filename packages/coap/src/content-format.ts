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
  SenmlEtchJson: 320,
  SenmlEtchCbor: 322,
  Lwm2mTlv: 11542,
  Lwm2mJson: 11543,
  Lwm2mCbor: 11544,
} as const;
