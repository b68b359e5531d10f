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

export async function rememberCopy(tx: Tx, { districtId, platformId, deploymentId, context, origins }: Copy): Promise<void> {
  await tx`
    INSERT INTO lti_context AS known (district_id, platform_id, deployment_id, context_id, title, copied_from)
    VALUES (${districtId}, ${platformId}, ${deploymentId}, ${context.id}, ${context.title}, ${origins})
    ON CONFLICT (district_id, platform_id, deployment_id, context_id) DO UPDATE SET
      copied_from = (SELECT array_agg(DISTINCT one) FROM unnest(known.copied_from || excluded.copied_from) one)
      WHERE NOT known.copied_from @> excluded.copied_from`;
}
