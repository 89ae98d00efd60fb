package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.zuul.ZuulRequest;
import io.jenkins.plugins.distributedtest.zuul.settings.ExecutorSettings;
import io.jenkins.plugins.distributedtest.zuul.settings.TaskDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The environment of a job's processes, made anew for each job: what is configured to be inherited, what is configured
 * to be set, and the request's parameters. Parameters never replace a variable of the other two, nor become one that
 * changes how programs start or what they run.
 *
 * @param variables all variables
 * @param leftOut names of parameters that are no variables of it
 */
record TaskEnvironment(Map<String, String> variables, List<String> leftOut) {
    /** What may hold a secret of this program. */
    private static final Pattern SECRET = Pattern.compile("(DISTRIBUTED_TEST_|AWS_|OS_).*");
    /** Of another job, when this program itself was started by one. */
    private static final Pattern OF_A_JOB = Pattern.compile("(ZUUL_|TH_|SWIFT_).*|BASE_LOG_PATH|LOG_PATH");
    /** Variables by which whoever sets them can run code in programs that a job starts. */
    private static final Pattern POWERFUL =
            Pattern.compile("(LD|DYLD|GIT|BASH|SSH|XDG|LC|PIP|NPM_CONFIG|DISTRIBUTED_TEST|TH)_.*"
                    + "|PATH|ENV|IFS|PS[0-4]|PROMPT_COMMAND|SHELL|SHELLOPTS|BASHOPTS|CDPATH|GLOBIGNORE|HOME|USER"
                    + "|LOGNAME|TMPDIR|TZ|LANG|LANGUAGE|EDITOR|VISUAL|PAGER|CLASSPATH|PYTHON[A-Z]+|PERL5?[A-Z]+"
                    + "|RUBY(OPT|LIB)|GEM_(HOME|PATH)|BUNDLE_.*|NODE_(OPTIONS|PATH)|_?JAVA_(TOOL_)?OPTIONS"
                    + "|JDK_JAVA_OPTIONS|JAVA_HOME|MAVEN_(OPTS|ARGS)|GRADLE_OPTS|MAKEFLAGS|CC|CXX|CFLAGS|LDFLAGS");

    static TaskEnvironment of(ZuulRequest request, TaskDefinition task, ExecutorSettings settings) {
        Map<String, String> variables = new TreeMap<>();
        boolean all = settings.passEnvironment().contains("*");
        System.getenv().forEach((name, value) -> {
            if (settings.passEnvironment().contains(name)
                    || all
                            && !SECRET.matcher(name).matches()
                            && !OF_A_JOB.matcher(name).matches()) {
                variables.put(name, value);
            }
        });
        variables.putAll(settings.environment());
        variables.putAll(task.environment());
        Map<String, String> given = request.environment();
        List<String> leftOut = new ArrayList<>();
        request.parameters().keySet().forEach(name -> {
            if (given.containsKey(name)
                    && !variables.containsKey(name)
                    && !POWERFUL.matcher(name).matches()) {
                variables.put(name, given.get(name));
            } else {
                leftOut.add(name);
            }
        });
        variables.put("TH_JOB_NAME", request.job() + (request.label() == null ? "" : ":" + request.label()));
        return new TaskEnvironment(variables, leftOut);
    }

    /** What keeps this program's own secrets from a process that inherits its environment. */
    static Map<String, String> withoutSecrets() {
        Map<String, String> blank = new TreeMap<>();
        System.getenv().keySet().stream()
                .filter(name -> SECRET.matcher(name).matches())
                .forEach(n -> blank.put(n, ""));
        return blank;
    }

    /** The parameters of Zuul's own that tell what is tested: fit to travel to listeners. */
    static Map<String, String> telling(ZuulRequest request) {
        Map<String, String> telling = new TreeMap<>();
        request.environment().forEach((name, value) -> {
            if (name.startsWith("ZUUL_")) {
                telling.put(name, value);
            }
        });
        return telling;
    }
}
