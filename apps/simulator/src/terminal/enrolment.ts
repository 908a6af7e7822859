import type { CertificateEnrolment } from '@yaolian/lwm2m/client';
import { isCertificateOf, makeCertificateRequest } from '@yaolian/node-runtime';

/** Certificates by EST, for keys on P-256 that are made here. */
export const estEnrolment: CertificateEnrolment = { makeRequest: makeCertificateRequest, isCertificateOf };
