import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What opens a session, in one statement from outside: each costs a round trip while the account is locked. */
export class OpenSessionsAtOnce1700000000023 implements MigrationInterface {
  name = 'OpenSessionsAtOnce1700000000023';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(OPEN_SESSION);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'DROP FUNCTION open_session(uuid, uuid, timestamptz, text, text, text, timestamptz, timestamptz, timestamptz, text, bytea, integer, boolean)',
    );
  }
}

// `PasswordsService.lockUnchanged` asks the same of an account. Processes of the version before go on calling this function while a new
// one is rolled out: what changes it makes another beside it.
//
// Each statement within sees what was committed before it, so the living sessions are counted as they are once the account is locked;
// a single statement would count them as they were before it had to wait. No row: the account is not active, or has another password
// by now. Where sessions are displaced and that is not allowed, nothing is written.
const OPEN_SESSION = `
  CREATE FUNCTION open_session(
    new_id uuid, new_user_id uuid, password_set_at timestamptz, new_delivery text, new_ip text, new_user_agent text,
    opened_at timestamptz, new_idle_until timestamptz, new_expires_at timestamptz, new_jkt text, token_digest bytea,
    most integer, may_displace boolean
  ) RETURNS TABLE (account users, displaced uuid[]) LANGUAGE plpgsql AS $$
  BEGIN
    SELECT users.* INTO account
    FROM users JOIN password_credentials AS credential ON credential.user_id = users.id
    WHERE users.id = new_user_id AND users.status = 'active' AND credential.changed_at = password_set_at
    FOR NO KEY UPDATE OF users, credential;
    IF NOT FOUND THEN
      RETURN;
    END IF;

    displaced := ARRAY(
      SELECT id FROM sessions
      WHERE user_id = new_user_id AND ended_at IS NULL AND idle_until > opened_at AND expires_at > opened_at
      ORDER BY last_used_at DESC, id DESC OFFSET most - 1);
    IF may_displace OR displaced = '{}' THEN
      INSERT INTO sessions (id, user_id, delivery, ip, user_agent, created_at, authenticated_at, last_used_at, idle_until,
        expires_at, jkt)
      VALUES (new_id, new_user_id, new_delivery, new_ip, new_user_agent, opened_at, opened_at, opened_at, new_idle_until,
        new_expires_at, new_jkt);
      INSERT INTO refresh_tokens (digest, session_id, created_at) VALUES (token_digest, new_id, opened_at);
    END IF;
    RETURN NEXT;
  END $$`;
