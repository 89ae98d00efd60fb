package org.jenkinsci.plugins.workflow;

public class FilePathUtils {
    public static java.lang.String getNodeName(hudson.FilePath a0) throws java.lang.IllegalStateException {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.FilePath find(java.lang.String a0, java.lang.String a1) {
        throw new UnsupportedOperationException("stub");
    }

    FilePathUtils() {}
}

// stub: org.jenkinsci.plugins.workflow.FilePathUtils find getNodeName
