#include "ingest/catalogue/manifest.hpp"

#include <gmock/gmock.h>

#include "pipeline/dataset/keys.hpp"
#include "tree.hpp"

namespace chorale::catalogue {
namespace {

using config::TaskKind;
using dataset::Label;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Manifest : public CatalogueTest {
 protected:
  Manifest() {
    options.kind = config::DatasetKind::kManifest;
    make_files({"a/one.wav", "a/two.wav", "b/three.mp3"});
  }
  void manifest(const std::string& text, const std::string& name = "manifest.csv") {
    touch(root / name, text);
  }
  std::vector<Label> labels(const Catalogue& catalogue, std::size_t task = 0) const {
    std::vector<Label> result;
    for (const Entry& entry : catalogue.entries) result.push_back(entry.track.labels.at(task));
    return result;
  }
};

TEST_F(Manifest, ReadsEveryColumnItKnows) {
  manifest(
      "path,id,genre,split,artist,comment\n"
      "b/three.mp3,c,rock,test,Ella,\n"
      "./a/one.wav,a,jazz,training,\"Bo, and\",\"x\ny\"\n"
      "a/two.wav,b,,validation,,\n");
  options.group = config::GroupKind::kArtist;
  const Catalogue catalogue = make_catalogue(options);
  EXPECT_THAT(ids(catalogue), ElementsAre("a", "b", "c"));
  EXPECT_THAT(groups(catalogue), ElementsAre("Bo, and", "b", "Ella"));
  EXPECT_EQ(catalogue.entries[0].track.path, "a/one.wav");
  EXPECT_EQ(catalogue.entries[1].track.split, "validation");
  EXPECT_THAT(catalogue.tasks[0].classes, ElementsAre("jazz", "rock"));
  EXPECT_THAT(labels(catalogue), ElementsAre(Label::of_class(0), Label{}, Label::of_class(1)));
  EXPECT_THAT(catalogue.refused, IsEmpty());
}

TEST_F(Manifest, AnIdIsThePathWithoutItsExtensionUnlessGiven) {
  manifest("path,genre\na/one.wav,x\nb/three.mp3,y\n");
  EXPECT_THAT(ids(make_catalogue(options)), ElementsAre("a/one", "b/three"));
}

TEST_F(Manifest, ReadsLabelsOfEveryKind) {
  manifest(
      "path,genre,moods,tempo,key\n"
      "a/one.wav,z,happy|sad,120.5,Am\n"
      "a/two.wav,z,\"[\"\"sad\"\", \"\"a|b\"\"]\",-3e1,F# minor\n"
      "b/three.mp3,z,[],,\n");
  options.tasks = {{"genre", TaskKind::kSingle},
                   {"moods", TaskKind::kMulti},
                   {"tempo", TaskKind::kRegression},
                   {"key", TaskKind::kKey}};
  const Catalogue catalogue = make_catalogue(options);
  EXPECT_THAT(catalogue.tasks[1].classes, ElementsAre("a|b", "happy", "sad"));
  EXPECT_THAT(labels(catalogue, 1),
              ElementsAre(Label::of_classes({1, 2}), Label::of_classes({0, 2}), Label::of_classes({})));
  EXPECT_THAT(labels(catalogue, 2), ElementsAre(Label::of_value(120.5F), Label::of_value(-30), Label{}));
  EXPECT_EQ(catalogue.tasks[3].classes, dataset::key_names());
  EXPECT_THAT(labels(catalogue, 3), ElementsAre(Label::of_class(21), Label::of_class(18), Label{}));
}

TEST_F(Manifest, JsonSaysTheSameAsCsv) {
  options.tasks = {
      {"genre", TaskKind::kSingle}, {"moods", TaskKind::kMulti}, {"tempo", TaskKind::kRegression}};
  manifest("path,genre,moods,tempo\na/one.wav,\"x \"\"y\"\"\",happy|sad,120\na/two.wav,ü,,\n");
  const Catalogue expected = make_catalogue(options);
  std::filesystem::remove(root / "manifest.csv");
  const char* const objects[] = {
      R"({"path": "a/one.wav", "genre": "x \"y\"", "moods": ["happy", "sad"], "tempo": 120, "more": true})",
      "{\"path\": \"a/two.wav\",\n \"genre\": \"\\u00fc\", \"moods\": null}"};
  const std::string one = objects[0], two = objects[1];
  for (const auto& [name, text] : {std::pair{"manifest.json", "[\n" + one + ",\n" + two + "\n]\n"},
                                   std::pair{"manifest.jsonl", one + "\n" + two + "\n"}}) {
    touch(root / name, text);
    const Catalogue catalogue = make_catalogue(options);
    EXPECT_EQ(ids(catalogue), ids(expected)) << name;
    for (std::size_t task = 0; task < 3; ++task) {
      EXPECT_EQ(labels(catalogue, task), labels(expected, task)) << name;
      EXPECT_EQ(catalogue.tasks[task].classes, expected.tasks[task].classes) << name;
    }
    std::filesystem::remove(root / name);
  }
}

TEST_F(Manifest, LiesInTheTreeOrOutsideOrIsTheRoot) {
  const std::string text = "path,genre\na/one.wav,x\n";
  touch(folder.path() / "labels/mine.csv", text);
  options.metadata = (folder.path() / "labels/mine.csv").string();
  EXPECT_EQ(make_catalogue(options).entries.size(), 1U);
  EXPECT_EQ(tree_root(options), root);
  options.metadata.clear();
  EXPECT_THAT(error(), HasSubstr("holds no manifest.csv, manifest.json or manifest.jsonl"));
  touch(root / "mine.csv", text);
  options.root = (root / "mine.csv").string();
  EXPECT_EQ(make_catalogue(options).entries[0].track.path, "a/one.wav");
  EXPECT_EQ(tree_root(options), root);
}

TEST_F(Manifest, FilesThatAreNotThereAreRefused) {
  manifest("path,genre\na/one.wav,x\na/none.wav,x\nb/three.mp3,y\n");
  const Catalogue catalogue = make_catalogue(options);
  EXPECT_THAT(ids(catalogue), ElementsAre("a/one", "b/three"));
  ASSERT_EQ(catalogue.refused.size(), 1U);
  EXPECT_EQ(catalogue.refused[0].path, "a/none.wav");
  EXPECT_EQ(catalogue.refused[0].stage, "catalogue");
  manifest("path,genre\nc/one.wav,x\n");
  EXPECT_THAT(error(), HasSubstr("no track can be used; the first of 1 refused: c/one.wav"));
}

TEST_F(Manifest, EverythingThatIsWrongIsReportedWithItsLine) {
  options.tasks = {{"genre", TaskKind::kSingle},
                   {"moods", TaskKind::kMulti},
                   {"tempo", TaskKind::kRegression},
                   {"key", TaskKind::kKey}};
  manifest(
      "path,genre,moods,tempo,key\n"
      "../one.wav,x,a,1,C\n"
      "/a/one.wav,x,a,1,C\n"
      "a/../../one.wav,x,a,1,C\n"
      ",x,a,1,C\n"
      "a/one.wav,x,a||b,1,C\n"
      "a/one.wav,x,\"[1]\",1,C\n"
      "a/one.wav,x,a,fast,C\n"
      "a/one.wav,x,a,nan,H\n"
      "a/one.wav,x,a\n"
      "a/one.wav,x\xff,a,1,C\n"
      "a/two.wav,x,a,1,C\n"
      "a/two.mp3,x,a,1,C\n"
      "a/two.wav,x,a,1,C\n");
  const std::string message = error();
  for (const char* part :
       {"12 errors in", "manifest.csv:2: the path leads out of the tree: \"../one.wav\"",
        "manifest.csv:3: the path is absolute", "manifest.csv:4: the path leads out",
        "manifest.csv:5: the path is empty", "manifest.csv:6: moods: a class without a name",
        "manifest.csv:7: moods: found \"[1]\", expected a JSON list of names",
        "manifest.csv:8: tempo: found \"fast\", expected a number",
        "manifest.csv:9: tempo: found \"nan\", expected a number",
        "manifest.csv:9: key: found \"H\", expected a key",
        "manifest.csv:10: the row has 3 fields, the header 5",
        "manifest.csv:11: genre: the name of a class is not UTF-8",
        "manifest.csv:14: the id \"a/two\" stands in line 12, too"}) {
    EXPECT_THAT(message, HasSubstr(part));
  }
}

TEST_F(Manifest, ManyErrorsAreCounted) {
  std::string text = "path,genre\n";
  for (int i = 0; i < 50; ++i) text += "../x.wav,y\n";
  manifest(text);
  EXPECT_THAT(error(),
              AllOf(HasSubstr("50 errors"), HasSubstr("and 30 more"), Not(HasSubstr("manifest.csv:40"))));
}

TEST_F(Manifest, NamesNeedNotBeUtf8ButClassesMust) {
  touch(root / "a/\xff\xfe.wav");
  manifest("path,genre\na/\xff\xfe.wav,x\n");
  EXPECT_EQ(make_catalogue(options).entries[0].track.path, "a/\xff\xfe.wav");
}

TEST_F(Manifest, MissingColumnsAndBrokenTextAreNamed) {
  manifest("file,genre\na/one.wav,x\n");
  EXPECT_THAT(error(), HasSubstr("there is no column path"));
  manifest("path,style\na/one.wav,x\n");
  EXPECT_THAT(error(), HasSubstr("there is no column genre, which dataset.tasks names; it has path, style"));
  manifest("path,genre,path\na/one.wav,x,y\n");
  EXPECT_THAT(error(), HasSubstr("two columns are named path"));
  manifest("path,genre\na/one.wav,\"x\n");
  EXPECT_THAT(error(), HasSubstr("manifest.csv:2: a quoted field has no closing quote"));
  manifest("");
  EXPECT_THAT(error(), HasSubstr("there is no column path"));
  options.metadata = (folder.path() / "labels.txt").string();
  EXPECT_THAT(error(), HasSubstr("a manifest is a .csv, .json or .jsonl file"));
  options.metadata = (folder.path() / "none.csv").string();
  EXPECT_THAT(error(), Not(HasSubstr("no error")));
}

TEST_F(Manifest, BrokenJsonIsRefusedWithItsLine) {
  const auto json_error = [&](const std::string& text) {
    manifest(text, "manifest.json");
    return error();
  };
  EXPECT_THAT(json_error("[\n{\"path\": \"a/one.wav\",\n \"genre\" \"x\"}]"),
              HasSubstr("manifest.json:3: not valid JSON"));
  EXPECT_THAT(json_error("[\n{\"path\": \"a/one.wav\"\n"),
              HasSubstr("manifest.json:2: the object that begins here is not closed"));
  EXPECT_THAT(json_error("[{} {}]"), HasSubstr("expected a comma or ]"));
  EXPECT_THAT(json_error("[{},]"), HasSubstr("expected an object"));
  EXPECT_THAT(json_error("[{}] x"), HasSubstr("there is text after the list"));
  EXPECT_THAT(json_error("\"path\""), HasSubstr("manifest.json:1: expected an object"));
  EXPECT_THAT(json_error("[1]"), HasSubstr("expected an object"));
  EXPECT_THAT(json_error("[{\"path\": \"a/one.wav\", \"genre\": {\"x\": 1}}]"),
              HasSubstr("genre: an object has no place here"));
  EXPECT_THAT(json_error("[{\"path\": \"a/\xff.wav\"}]"), HasSubstr("not valid JSON"));
  EXPECT_THAT(json_error("[\n{\"path\": \"a/one.wav\", \"genre\": 1e999}]"), HasSubstr("manifest.json:2: "));
}

TEST_F(Manifest, ListsAreOfPlainValuesHoweverDeepTheyAre) {
  const std::string open(200'000, '['), close(200'000, ']');
  for (const char* column : {"path", "genre", "features"}) {
    manifest("[\n{\"path\": \"a/one.wav\", \"genre\": \"x\", \"" + std::string(column) + "\": " + open +
                 close + "}]",
             "manifest.json");
    EXPECT_THAT(error(), HasSubstr("manifest.json:2: " + std::string(column) + ": a list within a list"));
  }
  manifest("[{\"path\": " + open + "}" + close, "manifest.json");
  EXPECT_THAT(error(), HasSubstr("not valid JSON"));
  manifest("[{\"path\": \"a/one.wav\", \"genre\": [{\"x\": 1}]}]", "manifest.json");
  EXPECT_THAT(error(), HasSubstr("or an object, has no place here"));
  options.tasks = {{"genre", TaskKind::kMulti}};
  std::filesystem::remove(root / "manifest.json");
  manifest("path,genre\na/one.wav,\"" + open + close + "\"\n");
  EXPECT_THAT(error(), AllOf(HasSubstr("expected a JSON list of names"), Not(HasSubstr(open))));
}

// A text of the store ends where its null character stands.
TEST_F(Manifest, NullCharactersAreRefusedWithTheirLine) {
  options.tasks = {{"genre", TaskKind::kMulti}};
  manifest(
      "[{\"path\": \"a/one.wav\", \"genre\": \"x\\u0000y\"},\n {\"path\": \"a/\\u0000.wav\"},\n"
      " {\"path\": \"a/two.wav\", \"id\": \"\\u0000\"},\n {\"x\\u0000\": 1}]",
      "manifest.json");
  EXPECT_THAT(error(), AllOf(HasSubstr("manifest.json:1: genre: it holds a null character"),
                             HasSubstr("manifest.json:2: path: it holds a null character"),
                             HasSubstr("manifest.json:3: id: it holds a null character"),
                             HasSubstr("manifest.json:4: the name of a column holds a null character")));
  manifest("[{\"path\": \"a/one.wav\", \"genre\": [\"x\\u0000y\"]}]", "manifest.json");
  EXPECT_THAT(error(), HasSubstr("manifest.json:1: genre: the name of a class holds a null character"));
  std::filesystem::remove(root / "manifest.json");
  manifest("path,genre\na/one.wav,\"[\"\"x\\u0000y\"\"]\"\n");
  EXPECT_THAT(error(), HasSubstr("manifest.csv:2: genre: the name of a class holds a null character"));
  manifest(std::string("path,genre\na/one.wav,x") + '\0' + "y\n");
  EXPECT_THAT(error(), HasSubstr("holds null bytes"));
}

}  // namespace
}  // namespace chorale::catalogue
