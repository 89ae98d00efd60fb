window.distributedTest={renderRun(){}};
