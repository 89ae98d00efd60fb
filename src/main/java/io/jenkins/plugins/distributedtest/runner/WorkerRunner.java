package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.time.Duration;
import java.util.List;

/**
 * Runs the files of one job for one worker slot, one after the other. Behind it stands a persistent process per
 * framework, started when its first file comes and replaced when it dies.
 *
 * <p>One thread at a time calls {@link #run}; any thread may call {@link #cancel}.
 */
public interface WorkerRunner extends AutoCloseable {
    /**
     * Waits until it is a file's turn, where this host has room for one of its kind at a time, such as for the web server of
     * its project. The turn is the file's until it has been run. Without this it is waited for within {@link #run}.
     *
     * @throws RunnerException as {@link #run}, and if it was waited for too long
     * @throws InterruptedException if the calling thread is interrupted
     */
    default void awaitTurn(TestFile file) throws RunnerException, InterruptedException {}

    /**
     * Runs a file and waits for its end. Whatever test code does (print, exit, crash, hang, fork) comes back as a
     * result, never as an exception.
     *
     * @param file the file, which must be in the workspace
     * @param timeout after which the process tree is killed and the result is
     *     {@link io.jenkins.plugins.distributedtest.suite.FileStatus#TIMED_OUT}
     * @return what came of it; {@code CANCELLED} once {@link #cancel} was called
     * @throws RunnerException if the runner itself cannot be started: no interpreter, a framework that does not load,
     *     a {@code before_start} callback that fails. The file has not been run.
     * @throws InterruptedException if the calling thread is interrupted; the process tree is killed
     */
    FileResult run(TestFile file, Duration timeout) throws RunnerException, InterruptedException;

    /**
     * As {@link #run}, for a file that was run before, here or elsewhere: it gets a process that has run no other file, so
     * that it runs whole whatever others have loaded meanwhile.
     */
    FileResult runAgain(TestFile file, Duration timeout) throws RunnerException, InterruptedException;

    /** Kills the process trees of this worker at once and for good; a running {@link #run} returns. */
    void cancel();

    /**
     * Stops this worker for good, as {@link #cancel} does, but for processes that have an {@code after_complete} to call:
     * those leave off what they do and call it. Blocks until all have ended.
     *
     * @param limit how long that may take at most; what has not ended by then is killed
     */
    void stop(Duration limit);

    /**
     * Ends the worker's processes in good order ({@code after_complete} callbacks included), killing what does not
     * end within a bounded time.
     */
    @Override
    void close();

    /**
     * What failed in test code that runs after the last file of a process, such as hooks and fixtures of the whole suite:
     * the framework's own command would have failed. Complete once the worker is closed.
     */
    List<String> problems();

    /**
     * What went wrong with closing callbacks that this worker's processes call: they failed, or did not come to their end
     * in time. Complete once the worker is closed.
     */
    List<String> callbackProblems();
}
