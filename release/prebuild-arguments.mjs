// npm takes a script of the name `prebuild` for the first step of `build` too, which is to compile nothing for
// others. What `npm run prebuild` is for therefore follows in `postprebuild`, which only that runs, and to which
// npm passes no arguments.
if (process.argv.length > 2) {
  console.error(`For some targets: npm run prebuild:targets -- ${process.argv.slice(2).join(' ')}`);
  process.exitCode = 1;
}
