import { integer, optional, text } from '../setting.ts';

/** Certificates. */
export const tlsSettings = {
  'tls.certificate': optional(
    text({
      default: 'server.pem',
      description: 'PEM file with the certificate of this platform and its chain; unset: one that it makes for itself',
      placeholder: '<file>',
    }),
  ),
  'tls.key': optional(
    text({ default: 'server.key', description: 'PEM file with its private key', placeholder: '<file>' }),
  ),
  'tls.names': optional(
    text({
      default: 'iot.example.com',
      description: 'Names and addresses for the certificate that it makes for itself, with commas between',
      placeholder: '<names>',
    }),
  ),
  'tls.client-ca': optional(
    text({
      default: 'terminals-ca.pem',
      description: 'PEM file with the authorities of terminals and clients; admins add further ones while it runs',
      placeholder: '<file>',
    }),
  ),
  'tls.max-client-ca': integer({
    default: 64,
    min: 1,
    max: 1000,
    description: 'Authorities of terminals and clients that are believed at once, by the file or added while it runs',
  }),
} as const;
