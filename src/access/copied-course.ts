/**
 * A course copied for a new year is remembered as made from the old one. What belongs to the class as such is taken up where it is read (the
 * skill it worked on); its children, scores, numbers, wishes and consents stay where they are, and so does the old course's class: the new
 * one is connected like any other. Writes nothing else. The same copy twice changes nothing.
 */
import type { Tx } from '../db/db.ts';

type Copy = {
  districtId: number;
  platformId: number;
  deploymentId: string;
  context: { id: string; title: string | null };
  origins: string[];
};

/** What was copied first is forgotten first: a course is made from one or two others, and a notice names 50 at most. */
const mostOrigins = 50;

export async function rememberCopy(tx: Tx, { districtId, platformId, deploymentId, context, origins }: Copy): Promise<void> {
  await tx`
    INSERT INTO lti_context AS known (district_id, platform_id, deployment_id, context_id, title, copied_from)
    VALUES (${districtId}, ${platformId}, ${deploymentId}, ${context.id}, ${context.title}, ${origins})
    ON CONFLICT (district_id, platform_id, deployment_id, context_id) DO UPDATE SET
      copied_from = ARRAY(
        SELECT one FROM unnest(excluded.copied_from || known.copied_from) WITH ORDINALITY AS each (one, place)
        GROUP BY one ORDER BY min(place) LIMIT ${mostOrigins})
      WHERE NOT known.copied_from @> excluded.copied_from`;
}
