import { type Static, Type } from 'typebox';
import { defaultOscoreAead, defaultOscoreHkdf, oscoreAeadNames, oscoreHkdfNames } from '../oscore-algorithms.ts';

export const bootstrapModes = ['nosec', 'psk', 'rpk', 'x509', 'est', 'oscore'] as const;
/** In the order of their numbers in resource 15 of object 0. */
export const certificateUsages = ['ca-constraint', 'service-certificate', 'trust-anchor', 'domain-issued'] as const;
/** In the order of their numbers in resource 13 of object 0. */
export const matchingTypes = ['exact', 'sha256', 'sha384', 'sha512'] as const;

const der = (description: string) =>
  Type.Optional(Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', maxLength: 12_000, description }));

const hex = (least: number, most: number, description: string, writeOnly = false) =>
  Type.Optional(
    Type.String({ pattern: `^(?:[0-9A-Fa-f]{2}){${least},${most}}$`, ...(writeOnly && { writeOnly }), description }),
  );

const numbers = (description: string) =>
  Type.Optional(Type.Array(Type.Integer({ minimum: 0, maximum: 65_535 }), { minItems: 1, maxItems: 32, description }));

/** How a terminal and a server of its bootstrap configuration prove themselves to each other: resources 2 to 5 and 13 to 18 of object 0, and object 21. */
export const BootstrapSecuritySchema = Type.Object(
  {
    mode: Type.Enum([...bootstrapModes], {
      description:
        'psk: a pre-shared key; rpk: raw public keys; x509: certificates; est: a certificate that the terminal asks this platform for, by EST, for a key of its own; oscore: a security context of OSCORE (RFC 8613, object 21), with coap; nosec: nothing, with coap',
    }),
    issue: Type.Optional(
      Type.Enum(['new', 'stored'], {
        description:
          'Instead of keys. new: the platform makes a key, a key pair, a certificate or a security context for each terminal at each bootstrap and keeps it among its credentials; stored: the newest pre-shared key, or security context, that the platform has for the endpoint',
      }),
    ),
    identity: Type.Optional(
      Type.String({ minLength: 1, maxLength: 128, description: 'Of mode psk: what the terminal says that it is' }),
    ),
    key: Type.Optional(
      Type.String({
        pattern: '^(?:[0-9A-Fa-f]{2}){8,64}$',
        writeOnly: true,
        description: 'Of mode psk: the key, in hex. Never shown; left out in a later PUT, the one that is there stays',
      }),
    ),
    publicKey: der('Of mode rpk: the public key of the terminal, SubjectPublicKeyInfo in DER, base64'),
    certificate: der('Of mode x509: the certificate of the terminal, DER, base64'),
    privateKey: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9+/]+={0,2}$',
        maxLength: 12_000,
        writeOnly: true,
        description:
          'Of modes rpk and x509: the private key of the terminal, PKCS #8 in DER, base64. As key: never shown',
      }),
    ),
    senderId: hex(0, 7, "Of mode oscore: the terminal's own Sender ID in hex; it may be empty"),
    recipientId: hex(0, 7, "Of mode oscore: the terminal's Recipient ID in hex: the Sender ID of the server"),
    idContext: hex(1, 255, 'Of mode oscore: the ID Context in hex. Absent: none'),
    aead: Type.Optional(
      Type.Enum(oscoreAeadNames, { description: `Of mode oscore: the AEAD. Absent: ${defaultOscoreAead}` }),
    ),
    hkdf: Type.Optional(
      Type.Enum(oscoreHkdfNames, { description: `Of mode oscore: the HKDF. Absent: ${defaultOscoreHkdf}` }),
    ),
    masterSecret: hex(16, 64, 'Of mode oscore: the Master Secret in hex. As key: never shown', true),
    masterSalt: hex(
      1,
      64,
      'Of mode oscore: the Master Salt in hex, which goes with masterSecret and is never shown either. Absent: empty',
      true,
    ),
    hasKey: Type.Optional(
      Type.Boolean({ description: 'In answers: there is a key, which is not shown. Ignored in requests' }),
    ),
    serverPublicKey: der(
      'What the server shows: of mode rpk its public key, of modes x509 and est a certificate (or its digest, as matching says), in DER, base64. Absent: what this platform shows',
    ),
    serverName: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 253,
        pattern: '^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$',
        description: 'The name that the terminal asks for (SNI) and the certificate bears; LwM2M 1.1',
      }),
    ),
    usage: Type.Optional(
      Type.Enum([...certificateUsages], {
        description:
          'What serverPublicKey is to the terminal (LwM2M 1.1). ca-constraint: an authority that must be in the chain, which its own trust store must lead to as well; service-certificate: the certificate of the server, trusted through that store as well; trust-anchor: the authority that it trusts; domain-issued: the certificate of the server and nothing else. Absent: domain-issued',
      }),
    ),
    matching: Type.Optional(
      Type.Enum([...matchingTypes], {
        description: 'The terminal is given the certificate itself, or its digest (LwM2M 1.1); absent: exact',
      }),
    ),
    ciphersuites: numbers('What the terminal offers, by the numbers of the IANA registry (LwM2M 1.1)'),
    groups: numbers('The elliptic curves that it offers, by the numbers of the IANA registry (LwM2M 1.2)'),
    signatureAlgorithms: numbers(
      'The SignatureSchemes that it may use, by the numbers of the IANA registry (LwM2M 1.2)',
    ),
  },
  { title: 'BootstrapSecurity', additionalProperties: false },
);

export type JsonBootstrapSecurity = Static<typeof BootstrapSecuritySchema>;
