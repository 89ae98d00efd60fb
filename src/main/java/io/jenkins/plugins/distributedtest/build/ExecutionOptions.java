package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The options of the JVM that runs the tests of an execution of Surefire or Failsafe, with paths as they are here. */
final class ExecutionOptions {
    /** An argument of {@code argLine} as Surefire takes it: quotes keep blanks, also within; a backslash is one. */
    private static final Pattern ARGUMENT = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");

    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"|'([^']*)'");

    private final TestExecution execution;
    private final SurefireProvider provider;
    private final ClassPathJars jars;
    private final String module;

    /** @param module the directory of its module, relative to the root */
    ExecutionOptions(TestExecution execution, SurefireProvider provider, ClassPathJars jars, String module) {
        this.execution = execution;
        this.provider = provider;
        this.jars = jars;
        this.module = module;
    }

    /** Where the tests run, relative to the module: empty for the module itself, null if outside of it. */
    static String workingDirectory(TestExecution execution) {
        Path module = execution.module().normalize();
        Path directory = module.resolve(execution.text("workingDirectory")).normalize();
        return directory.startsWith(module) ? CollectedTests.relative(module, directory) : null;
    }

    /**
     * Makes them.
     *
     * @param list the option that names the list of the classes by their files
     * @throws SuiteException if a file that the configuration names is not there
     */
    List<String> of(ModuleClasses classes, String list) throws IOException, SuiteException {
        List<String> options = modules(classes);
        options.add(list);
        options.add("-Ddistributedtest.nested=all");
        String directory = workingDirectory(execution);
        if (directory != null && !directory.isEmpty()) {
            options.add("-D" + SubProject.WORKING_DIRECTORY + "=" + directory);
        }
        for (String each : execution.list("excludedEnvironmentVariables")) {
            if (!execution.map("environmentVariables").containsKey(each)) {
                options.add("-D" + SubProject.WITHOUT_VARIABLE + "=" + each);
            }
        }
        if (execution.text("enableAssertions").equals("false")) {
            options.add("-da");
        }
        Matcher arguments = ARGUMENT.matcher(execution.text("argLine"));
        while (arguments.find()) {
            String plain = QUOTED.matcher(arguments.group())
                    .replaceAll(
                            part -> Matcher.quoteReplacement(part.group(1) != null ? part.group(1) : part.group(2)));
            options.add(jars.relocated(plain));
        }
        for (Map.Entry<String, String> property : properties().entrySet()) {
            options.add("-D" + property.getKey() + "=" + jars.relocated(property.getValue()));
        }
        for (String line : execution
                .map("properties")
                .getOrDefault("configurationParameters", "")
                .split("\\R")) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                options.add("-D" + line.substring(0, equals).strip() + "="
                        + line.substring(equals + 1).strip());
            }
        }
        addChoice(options);
        return options;
    }

    /** What runs the tests, and which tests of a class run. */
    private void addChoice(List<String> options) {
        options.addAll(ContainerOptions.ofSurefire(execution.text("version"), provider));
        String tags = provider == SurefireProvider.JUNIT4 ? "categories" : "tags";
        boolean jupiter = SurefireProvider.has(execution, "junit-jupiter-api-");
        switch (provider) {
            case PLATFORM -> {
                add(options, "engines.include", String.join(",", execution.list("includeJUnit5Engines")));
                add(options, "engines.exclude", String.join(",", execution.list("excludeJUnit5Engines")));
            }
            case TESTNG -> add(options, "testng", "surefire");
            case JUNIT4 -> add(options, "junit4", "true");
            case JUNIT3 -> add(options, "pojo", "true");
        }
        if (provider == SurefireProvider.JUNIT4 && jupiter) {
            add(options, "engines.include", "junit-vintage");
        } else if (jupiter && !SurefireProvider.has(execution, "junit-vintage-engine-")) {
            add(options, "vintage", "no");
        }
        if (provider == SurefireProvider.TESTNG || provider == SurefireProvider.JUNIT4) {
            add(options, "listeners", execution.map("properties").getOrDefault("listener", ""));
        }
        if (!execution.text("rerunFailingTestsCount").matches("0?")) {
            add(options, "reruns", execution.text("rerunFailingTestsCount"));
        }
        if (execution.is("testFailureIgnore")) {
            add(options, "passedover", "testFailureIgnore");
        } else if (!execution.text("failOnFlakeCount").matches("0?")) {
            add(options, "flakelimit", execution.text("failOnFlakeCount"));
            add(options, "flakesof", execution + (module.isEmpty() ? "" : " in " + module));
        }
        add(options, tags + ".include", execution.text("groups"));
        add(options, tags + ".exclude", execution.text("excludedGroups"));
    }

    /** What Surefire sets, the stronger ones last. */
    private Map<String, String> properties() throws IOException, SuiteException {
        Map<String, String> properties = new HashMap<>(execution.map("systemProperties"));
        String file = execution.text("systemPropertiesFile");
        if (!file.isEmpty()) {
            Path path = execution.module().resolve(file);
            if (!Files.isRegularFile(path)) {
                throw new SuiteException(execution + ": systemPropertiesFile " + path + " is not there");
            }
            TestExecution.read(path).forEach((name, value) -> properties.put((String) name, (String) value));
        }
        properties.putAll(execution.map("systemPropertyVariables"));
        properties.putAll(execution.map("userProperties"));
        if (!execution.text("localRepository").isEmpty()) {
            properties.put("localRepository", execution.text("localRepository"));
        }
        return properties;
    }

    private List<String> modules(ModuleClasses classes) throws IOException {
        ModulePath modules = execution.text("useModulePath").equals("false")
                ? null
                : ModulePath.of(
                        execution.list("classPath").stream().map(Path::of).toList());
        return modules == null ? new ArrayList<>() : modules.options(jars, classes.packages());
    }

    private static void add(List<String> options, String what, String value) {
        if (!value.isBlank()) {
            options.add("-Ddistributedtest." + what + "=" + value.strip());
        }
    }
}
