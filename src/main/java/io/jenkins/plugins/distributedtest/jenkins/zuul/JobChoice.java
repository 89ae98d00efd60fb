package io.jenkins.plugins.distributedtest.jenkins.zuul;

import java.util.regex.Pattern;

/** Which jobs of Jenkins Zuul may ask for. */
public enum JobChoice {
    /** Every job. */
    ALL,
    /** Those in a folder, and in the folders in it. */
    FOLDER,
    /** Those whose full name a regular expression matches as a whole. */
    PATTERN,
    /** Those that have the job property <em>Serve to Zuul</em>. */
    PROPERTY;

    /**
     * Whether a job is chosen.
     *
     * @param fullName the job's name with its folders
     * @param marked whether it has the property
     * @param folder the folder's full name, for {@link #FOLDER}
     * @param pattern the expression, for {@link #PATTERN}
     */
    boolean chooses(String fullName, boolean marked, String folder, Pattern pattern) {
        return switch (this) {
            case ALL -> true;
            case FOLDER -> !folder.isEmpty() && fullName.startsWith(folder + "/");
            case PATTERN -> pattern != null && pattern.matcher(fullName).matches();
            case PROPERTY -> marked;
        };
    }
}
