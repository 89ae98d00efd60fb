# frozen_string_literal: true

# Writes what `rake test` would run, as a JSON object, to the file that is named first: the files, how Ruby is started
# for them, the options of the framework, and what else the task does.
#
# The Rakefile is loaded as rake loads it; no task is run. A task of tests is known by its actions: they belong to a
# Rake::TestTask or a Minitest::TestTask.

target = ARGV.shift
begin
  require 'rake'
  require 'rake/testtask'
rescue LoadError => e
  abort "rake is not installed for #{RbConfig.ruby} (gem rake: #{e.message})"
end
require 'json'
require 'shellwords'

# What a task runs, with those that come before it.
class DistributedTestTasks
  # How one task of tests starts Ruby.
  Start = Struct.new(:ruby, :args)

  def initialize
    @seen = {}
    @starts = {}
    @files = []
    @others = []
  end

  def visit(task)
    return if @seen[task]

    @seen[task] = true
    task.prerequisite_tasks.each { |each| visit(each) }
    task.actions.each { |action| act(task, action.binding.receiver) }
  end

  def told
    fail_where_none
    start = the_start
    { files: paths, ruby: start.ruby, args: start.args, framework: framework, notes: notes }
  end

  private

  def notes
    return [] if @others.empty?

    ["rake test does more than run these tests, which is not done here: #{@others.uniq.join(', ')}. What tests need of it " \
     'has to be there before the run, or comes by callbacks (after_sync).']
  end

  def act(task, owner)
    if owner.is_a?(Rake::TestTask)
      add(task, owner.file_list.to_a, Start.new(Shellwords.split(owner.ruby_opts_string), Shellwords.split(owner.option_list.to_s)))
    elsif defined?(Minitest::TestTask) && owner.is_a?(Minitest::TestTask)
      add_minitest(task, owner)
    else
      @others << task.name
    end
  end

  def add_minitest(task, owner)
    libs = owner.libs.empty? ? [] : ["-I#{owner.libs.join(File::PATH_SEPARATOR)}"]
    args = owner.extra_args.flatten.map(&:to_s)
    # Its command loads the framework before the files.
    add(task, Dir[*owner.test_globs].sort, Start.new(libs + (owner.warning ? ['-w'] : []) + ['-rminitest'], args))
    @others << "#{task.name} (its test_prelude)" if owner.test_prelude
    @others << "#{task.name} (its framework: #{owner.framework})" unless owner.framework == 'require "minitest/autorun"'
  end

  def add(task, files, start)
    (@starts[start] ||= []) << task.name
    @files.concat(files)
  end

  def fail_where_none
    return unless @starts.empty?

    abort "its task \"test\" runs no Rake::TestTask and no Minitest::TestTask#{", but #{@others.join(', ')}" unless @others.empty?}"
  end

  def the_start
    return @starts.keys.first if @starts.size == 1

    ways = @starts.map { |start, names| "#{names.join(', ')}: ruby #{(start.ruby + start.args).join(' ')}" }
    abort "its tasks start Ruby in more than one way (#{ways.join('; ')}); name the files of one of them (\"files\") and how Ruby is " \
          'started for them ("runners": {"interpreters": {"ruby": [...]}})'
  end

  # In the order in which rake loads them.
  def paths
    missing = @files.reject { |each| File.file?(each) }
    abort "its tasks name files that are not there: #{missing.join(', ')}" unless missing.empty?

    @files.map { |each| File.realpath(each) }.uniq
  end

  # That of the files or of what lies beside them, such as their helper.
  def framework
    beside = @files.map { |each| File.dirname(each) }.uniq.flat_map { |each| Dir[File.join(each, '*.rb')] }
    used = (beside + @files).uniq.first(500).select { |each| File.file?(each) }.any? do |each|
      File.binread(each).match?(%r{test/unit|test-unit|Test::Unit})
    end
    used ? 'test-unit' : 'minitest'
  end
end

Rake.application.init('rake', ['--silent', 'test'])
Rake.application.load_rakefile
tasks = DistributedTestTasks.new
tasks.visit(Rake::Task['test'])
File.write(target, JSON.generate(tasks.told))
$stdout.flush
$stderr.flush
exit!(true) # what the Rakefile does at the end of rake is none of this
