/** How long the verifier waits for whom; times are milliseconds. */
export interface VerificationLimits {
  /** Bytes that are here wait so long for a checksum database, then go out as pending. */
  readonly waitMilliseconds: number;
  /** The same for one that was silent when it was last asked. */
  readonly doubtMilliseconds: number;
  /** A database that did not answer is asked for one module only until this has passed. */
  readonly pauseMilliseconds: number;
  /** An absence is asked again after this; a record never. */
  readonly absenceMilliseconds: number;
  /** Records kept in memory. */
  readonly records: number;
  /** Pending artifacts are looked up again this often. */
  readonly pendingMilliseconds: number;
  /** A module version is asked last of an upstream that lied about it for so long. */
  readonly quarantineMilliseconds: number;
  /** Above this, stored artifacts are looked up in the facts one by one. */
  readonly unverified: number;
}

export const VERIFICATION_LIMITS: VerificationLimits = {
  /**
   * A record that the database has arrives before its zip does, and one that it must first make takes
   * 15 s (P-77). `go` waits for it as well: a slow answer is no reason to hand out what may be wrong.
   */
  waitMilliseconds: 15_000,
  /** Long enough to notice that it is back; for a database that is gone nobody's build should wait. */
  doubtMilliseconds: 2000,
  /** One question each ten seconds finds out soon enough, and costs nothing. */
  pauseMilliseconds: 10_000,
  /** As long as lists and absences live. */
  absenceMilliseconds: 60_000,
  /** About 200 bytes each, and the zip is asked within minutes after the go.mod. */
  records: 8192,
  /** Half a minute: soon after the database is back. */
  pendingMilliseconds: 30_000,
  /** A day: a mirror that was repaired is of use again, one that was not is found out again. */
  quarantineMilliseconds: 24 * 60 * 60 * 1000,
  /** Some megabytes of keys; only stores that older versions filled have any. */
  unverified: 50_000,
};
