/**
 * Tells a platform where to send its notices, once a launch says that it has such a service (Platform Notification Service 1.0): in the
 * background, once a day for each deployment, so that no visit waits for it and a platform that lost the address gets it again.
 * Never throws; a platform that says no is told to the log.
 */
import { outbound } from '../src/outbound.ts';
import type { Launch } from './launch-shape.ts';
import type { AccessToken } from './services/token.ts';

const scope = 'https://purl.imsglobal.org/spec/lti/scope/noticehandlers';
const wanted = ['LtiHelloWorldNotice', 'LtiContextCopyNotice'];
const again = 24 * 3600_000; // ms
const timeout = 10_000; // ms

export type NoticeHandlers = {
  /** @returns when all is asked, for those who want to wait */
  ask(launch: Pick<Launch, 'districtId' | 'platformId' | 'deploymentId' | 'notices'>): Promise<void>;
};

/** @param log a stable code of what went wrong, and where */
export function noticeHandlers(
  url: string,
  token: (districtId: number, platformId: number) => AccessToken,
  log: (problem: { platformId: number; code: string }) => void,
): NoticeHandlers {
  const asked = new Map<string, number>();
  return {
    async ask({ districtId, platformId, deploymentId, notices }) {
      const types = notices?.types.filter((type) => wanted.includes(type)) ?? [];
      const key = `${districtId}/${platformId}/${deploymentId}`;
      if (!notices || types.length === 0 || Date.now() - (asked.get(key) ?? Number.NEGATIVE_INFINITY) < again) return;
      asked.set(key, Date.now()); // before the first await: of many launches at once, one asks
      try {
        const bearer = await token(districtId, platformId)([scope]);
        for (const type of types) {
          const { status } = await outbound(notices.url, {
            method: 'PUT',
            headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', accept: 'application/json' },
            body: JSON.stringify({ notice_type: type, handler: `${url}/lti/notices` }),
            timeout,
          });
          if (status >= 300) log({ platformId, code: `notices_refused_${status}` });
        }
      } catch (error) {
        log({ platformId, code: String((error as { code?: unknown } | null)?.code ?? 'notices_failed') });
      }
    },
  };
}
