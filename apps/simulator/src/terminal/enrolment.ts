import type { CertificateEnrolment } from '@yaolian/lwm2m/client';
import { certificateValidity, isCertificateOf, makeCertificateRequest } from '@yaolian/node-runtime';

/** Certificates by EST, for keys on P-256 that are made here, and renewed in time. */
export const estEnrolment: CertificateEnrolment = {
  makeRequest: makeCertificateRequest,
  isCertificateOf,
  validityOf: certificateValidity,
};
