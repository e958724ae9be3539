/**
 * Questions to the store that do not depend on each other, asked at once: one round trip instead of one each. Unlike
 * Promise.all it leaves nothing under way when one of them fails, since no verb may be called after the transaction's end.
 */
export async function askTogether<T extends readonly unknown[] | []>(
  questions: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  const answers: unknown[] = [];
  for (const answer of await Promise.allSettled(questions)) {
    if (answer.status === 'rejected') throw answer.reason;
    answers.push(answer.value);
  }
  return answers as { -readonly [P in keyof T]: Awaited<T[P]> };
}
