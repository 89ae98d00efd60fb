package io.jenkins.plugins.distributedtest.jenkins.job;

import io.jenkins.plugins.distributedtest.suite.TestCase;

/**
 * Which test it is. The same test under another title, such as that of another stage, is another one: it runs in another
 * environment.
 *
 * @param title the run's title; possibly empty
 * @param file the file's path
 * @param className the case's class or group; empty for a file as a whole
 * @param name the case's name; empty for a file as a whole
 */
record TestName(String title, String file, String className, String name) {
    /** A file as a whole: that it loads, ends in time, and does not crash. */
    static TestName whole(String title, String file) {
        return new TestName(title, file, "", "");
    }

    static TestName of(String title, String file, TestCase test) {
        return new TestName(title, file, test.className(), test.name());
    }

    /** For people: class and name, or what stands for the file as a whole. */
    String words() {
        if (name.isEmpty()) {
            return "the file as a whole";
        }
        return className.isEmpty() || className.equals(file) || name.startsWith(className)
                ? name
                : className + " " + name;
    }
}
