import { Code } from '@yaolian/coap';
import type { EndpointProof, ProofJudgement } from '@yaolian/directory';
import { failure, type Log, type Result, success } from '@yaolian/kernel';
import type { EnrolmentProfile, EnrolmentRefusal, EnrolmentRequest } from '@yaolian/lwm2m/server';

/**
 * A profile that lets terminals in under the names that they proved alone: 4.03 for others, before the profile below is
 * asked. The first use of a credential is noted when the terminal was let in.
 */
export function proofProfile(profile: EnrolmentProfile, proof: EndpointProof, log: Log): EnrolmentProfile {
  const judge = (request: EnrolmentRequest): Judged | Promise<Judged> => {
    const { endpoint, identity, purpose = 'register' } = request;
    const judged = proof.judge({ endpoint, identity, purpose });
    return judged instanceof Promise ? judged.then(asJudged) : asJudged(judged);
  };
  const enrolSlowly = async (request: EnrolmentRequest, judging: Promise<Judged>) => {
    const judged = await judging;
    return judged.ok ? profile.enrol(request) : judged;
  };
  const noteUse = async ({ identity, time }: EnrolmentRequest): Promise<void> => {
    if (identity !== undefined) await proof.used(identity, time);
  };
  // A Register is noted when it is committed; of a bootstrap nobody hears again.
  const notedBootstrap = async (request: EnrolmentRequest, enrolling: ReturnType<typeof enrolSlowly>) => {
    const enrolled = await enrolling;
    if (enrolled.ok) {
      await noteUse(request).catch((error: unknown) => log.error('the use of a credential was not noted', { error }));
    }
    return enrolled;
  };
  return {
    ...profile,
    enrol(request) {
      const judged = judge(request);
      if (judged instanceof Promise) {
        const enrolling = enrolSlowly(request, judged);
        return request.purpose === 'bootstrap' ? notedBootstrap(request, enrolling) : enrolling;
      }
      return judged.ok ? profile.enrol(request) : judged;
    },
    registered(deviceKey, request) {
      const recorded = profile.registered(deviceKey, request);
      return request.identity === undefined ? recorded : Promise.all([recorded, noteUse(request)]).then(() => {});
    },
    mayChange: async (request) => judge(request),
  };
}

type Judged = Result<void, EnrolmentRefusal>;

function asJudged(judged: ProofJudgement): Judged {
  return judged.ok ? success(undefined) : failure({ code: Code.Forbidden, reason: judged.error });
}
