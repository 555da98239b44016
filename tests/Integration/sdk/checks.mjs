// Prints one line a check: "ok NAME" or "not ok NAME: why".
let failed = 0;

export const check = async (name, body) => {
  try {
    await body();
    console.log(`ok ${name}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${name}: ${error?.message ?? error}`);
  }
};

export const expect = (holds, what) => { if (!holds) throw new Error(what); };

export const end = () => process.exit(failed === 0 ? 0 : 1);
