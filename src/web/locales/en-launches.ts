/** What the launch diary says, for district IT: read by its screen alone, and by the command line. */
import type { MendTopic, PlatformFamily } from '../../read-models/shapes.ts';

export type LaunchWords = {
  /** What did not hold, by reason. */
  reasons: Record<string, string>;
  mend: Record<MendTopic, string>;
  /** What an accepted launch did not say, and what that means. */
  missing: Record<string, string>;
  /** Where a platform keeps what we need. */
  where: Record<PlatformFamily, string>;
  /** The steps of a test, and what each state of it means. */
  steps: Record<string, string>;
  /** How a platform is made to say what was missing. */
  fields: Record<PlatformFamily, string>;
};

export const launches: LaunchWords = {
  reasons: {
    login_malformed: 'The platform’s request to sign somebody in was incomplete.',
    platform_unknown: 'The platform is not registered with this client id.',
    client_ambiguous: 'There are two registrations of this platform, and it does not say which one it means.',
    platform_inactive: 'This platform’s registration is switched off.',
    target_foreign: 'The platform’s link leads to another service.',
    platform_error: 'The platform broke off the sign-in.',
    platform_signed_out: 'The person was not signed in to the platform.',
    platform_link_expired: 'The platform’s link had run out.',
    token_missing: 'The platform sent no message.',
    token_too_large: 'The platform’s message was too large.',
    token_malformed: 'The platform’s message could not be read.',
    algorithm_refused: 'The message was not signed the way we accept (RS256).',
    kid_missing: 'The message did not say which key signed it.',
    key_unknown: 'The message was signed with a key the platform does not publish.',
    keys_unreachable: 'The platform did not hand out its public keys.',
    signature_invalid: 'The signature did not match.',
    issuer_mismatch: 'The message came from another platform than it said at the start.',
    audience_mismatch: 'The message was meant for another tool.',
    audience_untrusted: 'The message was also meant for somebody we do not know.',
    azp_mismatch: 'The message was made for another client id.',
    token_expired: 'The message had run out.',
    token_too_old: 'The message was made too long ago.',
    token_not_yet_valid: 'The message bears a time still to come.',
    claim_missing: 'Something required was missing in the message.',
    claim_invalid: 'Something in the message could not be read.',
    version_unsupported: 'The message is not LTI 1.3.',
    message_unsupported: 'This kind of message is not answered.',
    too_many_failures:
      'Too many visits from one address did not hold within a minute, and one more was turned away. Whoever could be checked came in.',
    nonce_mismatch: 'The message answered another sign-in.',
    target_mismatch: 'The message was for another page than the sign-in.',
    deployment_mismatch: 'The message came from another deployment than the sign-in.',
    deployment_pending: 'This deployment waits for you to accept it.',
    deployment_refused: 'This deployment was refused.',
    state_missing: 'The platform did not send back what we gave it.',
    login_expired: 'The person took longer than ten minutes.',
    launch_replayed: 'This visit was already used: somebody went back or reloaded.',
    binding_missing: 'The browser kept nothing for us inside the platform’s page.',
    cookies_blocked: 'The browser keeps no cookies for this service at all.',
    binding_mismatch: 'The visit ended in another browser than it began in.',
    binding_foreign: 'A page of another site tried to finish a sign-in.',
    deep_link_closed: 'The picker had been open too long, or was used already.',
    deep_link_role: 'Only teachers may add pages to a course.',
    deep_link_malformed: 'The platform’s request to choose content was incomplete.',
    sign_in_refused: 'The sign-in was not confirmed by whoever signs people in.',
    sign_in_unreachable: 'Whoever signs people in did not answer.',
    classroom_refused: 'Google did not confirm this person’s place in the course.',
    classroom_unreachable: 'Google did not answer.',
    invitation_unknown: 'The invitation does not exist, or has run out.',
    registration_replayed: 'The invitation was already used.',
    registration_malformed: 'The platform did not say where its configuration is.',
    registration_unreachable: 'The platform did not answer.',
    registration_refused: 'The platform turned the registration down.',
    registration_contract: 'The platform’s answer lacked something we need.',
    registration_issuer: 'The configuration was for another platform than the one that served it.',
    registration_exists: 'The platform is registered already.',
    notice_malformed: 'The platform’s notice could not be read.',
  },
  mend: {
    address: 'The address people are sent to must begin with this service’s own address. Correct the link, or the tool’s target link URI.',
    again: 'Nothing needs mending: opening it again from the course is enough. If it happens to many people, look at the platform’s clock.',
    browser: 'Nothing is wrong with the platform. The person can use the button “Open in a new window”, or allow cookies for this service.',
    claims: 'The platform’s message lacks something. Compare the tool’s settings there with the values of the set-up page.',
    client: 'Compare issuer and client id there with the registration here, letter by letter.',
    clock: 'Set the platform’s clock: it is ahead of ours by more than a minute.',
    deployment: 'Accept the deployment if it is yours: on the page “School platforms”, or with “aptt deployment accept”.',
    inactive: 'Switch the registration on again if it should be: on the page “School platforms”.',
    keys: 'Compare the key set address (JWKS) there with the registration here, and see that it answers from outside the school.',
    register: 'Make a new invitation and register the platform again. If it is registered already, accept its deployment instead.',
    watch: 'One by itself is an old tab. Many are somebody trying: tell whoever looks after this service, with the reference.',
  },
  missing: {
    role: 'No role: the person sees nothing.',
    context: 'No course: the tool was opened from outside a course.',
    class_sourcedid: 'No sourcedId of the class: the teacher has to connect the course by hand.',
    person_sourcedid: 'No sourcedId of the person: they are found by e-mail, or wait for you.',
    custom_ids: 'Only custom parameters say who this is, and this platform’s are not trusted: “School platforms” says when they may be.',
    names: 'No name.',
    email: 'No e-mail.',
    mentored: 'An observer without children: nobody’s child is shown.',
  },
  where: {
    canvas: 'In Canvas: Admin → Developer Keys for the settings, Admin → Settings → Apps for the deployment.',
    moodle: 'In Moodle: Site administration → Plugins → External tool → Manage tools, then the gear and the list sign of this tool.',
    brightspace: 'In Brightspace: Admin Tools → Manage Extensibility → LTI Advantage, and External Learning Tools for the deployment.',
    blackboard: 'In Blackboard: Administrator Panel → Integrations → LTI Tool Providers.',
    schoology: 'In Schoology: App Center → My Developer Apps for the settings, Organization Apps for the deployment.',
    other: 'In the platform: where external tools (LTI 1.3) are managed.',
  },
  fields: {
    canvas:
      'In Canvas set the key’s privacy level to “Public”, and add the custom fields person_sourcedid=$Canvas.user.sisSourceId, class_sourcedid=$Canvas.course.sisSourceId and observee_sourcedids=$com.instructure.Observee.sisIds.',
    moodle:
      'In Moodle set “Share launcher’s name” and “Share launcher’s email” to Always; the sourcedIds are the ID numbers of the person and the course.',
    brightspace:
      'In Brightspace tick the security settings for name, e-mail, Org Defined ID and the org unit’s code in the deployment, and classlist and parent information where you use it.',
    blackboard: 'In Blackboard let the tool have name, e-mail and role under “User fields to send”, and the batch uid as the sourcedId.',
    schoology: 'In Schoology set the app’s privacy to send name and e-mail; the sourcedIds are the unique ids of your import.',
    other: 'Let the platform share name, e-mail and the sourcedIds (lis claim, or custom fields person_sourcedid and class_sourcedid).',
  },
  steps: {
    registration: 'The registration',
    'registration.good': 'It is here and switched on.',
    'registration.bad': 'It is switched off.',
    keys: 'The platform’s keys',
    'keys.good': 'The platform hands them out.',
    'keys.bad': 'They could not be fetched.',
    deployment: 'A place in the platform',
    'deployment.good': 'At least one deployment is accepted.',
    'deployment.bad': 'A deployment waits for you to accept it.',
    'deployment.waiting': 'Nobody has opened the tool yet. Place it in a course and open it.',
    login: 'Sign-in',
    'login.good': 'The platform asked us to sign somebody in, and we found it again.',
    'login.bad': 'The last sign-in did not go through.',
    'login.waiting': 'Open the tool from a course, then test again.',
    launch: 'Launch',
    'launch.good': 'Somebody was let in.',
    'launch.bad': 'The last launch was refused.',
    'launch.waiting': 'Open the tool from a course, then test again.',
    token: 'Leave to ask for data',
    'token.good': 'The platform gave us a service token.',
    'token.bad':
      'The platform gave us no service token. Compare the token address, the key set address of this service and the services switched on there.',
    'token.waiting': 'The platform has offered no service in a launch yet.',
    roster: 'Class lists (Names and Roles)',
    'roster.good': 'The last course’s list could be read. Nothing of it was kept.',
    'roster.bad': 'The list could not be read. Switch the service on for this tool.',
    'roster.waiting': 'Not offered in a launch yet. Without OneRoster it is the way to a class list.',
    grades: 'Grade book (Assignment and Grade Services)',
    'grades.good': 'The last course’s columns could be read. Nothing of it was kept.',
    'grades.bad': 'The grade book could not be read. Switch the service on for this tool.',
    'grades.waiting': 'Not offered in a launch yet. It is only needed for scores from the platform.',
  },
};
