// `pnpm sallyport ...`: the command as it is built here, run where its user stands.
process.chdir(process.env.INIT_CWD ?? process.cwd());
await import('../packages/sallyport/bundle/lib/cli.js');
